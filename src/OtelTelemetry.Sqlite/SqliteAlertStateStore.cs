using Microsoft.Data.Sqlite;
using OtelTelemetry.Alerts.State;
using OtelTelemetry.Delivery.Sqlite;

namespace OtelTelemetry.Alerts.Sqlite;

/// <summary>Keeps what alerts know in a file, which only its user can read. A damaged file is moved aside. Thread-safe.</summary>
internal sealed class SqliteAlertStateStore : IAlertStateStore, IDisposable
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private readonly Lock _gate = new();
    private readonly string _path;
    private SqliteConnection? _connection;
    private bool _isDisposed;

    static SqliteAlertStateStore() => SQLitePCL.Batteries_V2.Init();

    public SqliteAlertStateStore(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = path;
    }

    public byte[]? Load() => Use(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT body FROM alert_state WHERE id = 1";
        return command.ExecuteScalar() as byte[];
    });

    public void Save(byte[] state) => Use(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO alert_state (id, body) VALUES (1, $body) ON CONFLICT (id) DO UPDATE SET body = excluded.body";
        command.Parameters.AddWithValue("$body", state);
        return command.ExecuteNonQuery();
    });

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Close();
        }
    }

    private T Use<T>(Func<SqliteConnection, T> use)
    {
        lock (_gate)
        {
            if (_isDisposed) throw new AlertStateException("the file is closed");
            try
            {
                return use(_connection ??= Open());
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode is Corrupt or NotADatabase)
            {
                throw new AlertStateException($"{_path} was damaged{(TryMoveAside() ? $" and is now {_path}.damaged" : "")}", exception);
            }
            catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
            {
                Close();
                throw new AlertStateException($"{_path}: {exception.Message}", exception);
            }
        }
    }

    private SqliteConnection Open()
    {
        SqliteFile.Make(_path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = 5 }.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; CREATE TABLE IF NOT EXISTS alert_state (id INTEGER PRIMARY KEY, body BLOB NOT NULL)";
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private bool TryMoveAside()
    {
        Close();
        try
        {
            File.Move(_path, _path + ".damaged", overwrite: true);
            File.Delete(_path + "-wal");
            File.Delete(_path + "-shm");
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
