using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OtelTelemetry.Delivery.Sqlite;

/// <summary>The outbox's file: opens it, and knows its statements. Used by one thread at a time.</summary>
internal sealed class OutboxDatabase : IDisposable
{
    /// <summary>Written as <c>user_version</c>, so that a later layout can tell.</summary>
    private const int Layout = 1;

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS request (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            owner TEXT NOT NULL,
            destination TEXT NOT NULL,
            route TEXT NOT NULL,
            content_type TEXT NOT NULL,
            content_encoding TEXT NOT NULL,
            items INTEGER NOT NULL,
            created INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            body BLOB NOT NULL);
        CREATE INDEX IF NOT EXISTS request_by_owner ON request (destination, owner);
        """;

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _commit;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _delete;

    private OutboxDatabase(SqliteConnection connection)
    {
        _connection = connection;
        // From the beginning as a writer: one that turns into a writer later fails when another was faster.
        _begin = Command("BEGIN IMMEDIATE");
        _commit = Command("COMMIT");
        _insert = Command(
            "INSERT INTO request (owner, destination, route, content_type, content_encoding, items, created, bytes, body) "
            + "VALUES ($owner, $destination, $route, $type, $encoding, $items, $created, $bytes, $body) RETURNING id",
            "$owner", "$destination", "$route", "$type", "$encoding", "$items", "$created", "$bytes", "$body");
        _read = Command("SELECT destination, route, content_type, content_encoding, items, created, body FROM request WHERE id = $id AND owner = $owner", "$id", "$owner");
        _delete = Command("DELETE FROM request WHERE id = $id", "$id");
    }

    /// <summary>Opens the file, and makes it when it is missing, for its owner only.</summary>
    /// <exception cref="SqliteException">It cannot be opened, or is no such file.</exception>
    public static OutboxDatabase Open(string path)
    {
        SqliteFile.Make(path);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            // How long one process waits for another's write.
            DefaultTimeout = 5,
        }.ToString());
        try
        {
            connection.Open();
            // The log is moved into the file, which the disk must confirm, after 2000 pages (8 MB), not each time; NORMAL outlives the end of the process in every case.
            Run(connection, "PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 2000; PRAGMA journal_size_limit = 8388608");
            Run(connection, Schema);
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Layout}"));
            return new OutboxDatabase(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public long[] Insert(string owner, IReadOnlyList<OutboxItem> items)
    {
        var ids = new long[items.Count];
        InTransaction(() =>
        {
            for (var i = 0; i < ids.Length; i++) ids[i] = Insert(owner, items[i]);
        });
        return ids;
    }

    public OutboxItem? Read(string owner, long id)
    {
        Set(_read, id, owner);
        using var row = _read.ExecuteReader();
        if (!row.Read()) return null;
        return new OutboxItem
        {
            Destination = row.GetString(0),
            Route = row.GetString(1),
            ContentType = row.GetString(2),
            ContentEncoding = row.GetString(3),
            Items = row.GetInt64(4),
            Created = Time(row.GetInt64(5)),
            Body = (byte[])row.GetValue(6),
        };
    }

    public void Delete(IReadOnlyList<long> ids)
    {
        InTransaction(() =>
        {
            foreach (var id in ids)
            {
                Set(_delete, id);
                _delete.ExecuteNonQuery();
            }
        });
    }

    /// <summary>Whoever has requests, but one.</summary>
    public List<string> Owners(string except, string? destination)
    {
        using var command = Command("SELECT DISTINCT owner FROM request WHERE owner <> $owner AND ($destination = '' OR destination = $destination)", "$owner", "$destination");
        Set(command, except, destination ?? "");
        var owners = new List<string>();
        using var rows = command.ExecuteReader();
        while (rows.Read()) owners.Add(rows.GetString(0));
        return owners;
    }

    /// <summary>Gives the requests of an owner for a destination to another. Two that try at once do not both get them: the write is one statement.</summary>
    public List<OutboxEntry> Move(string from, string to, string destination)
    {
        using var command = Command(
            "UPDATE request SET owner = $to WHERE owner = $from AND destination = $destination RETURNING id, destination, route, items, bytes, created", "$to", "$from", "$destination");
        Set(command, to, from, destination);
        return Entries(command);
    }

    public List<OutboxEntry> DeleteOf(string owner, DateTimeOffset before)
    {
        using var command = Command("DELETE FROM request WHERE owner = $owner AND created < $before RETURNING id, destination, route, items, bytes, created", "$owner", "$before");
        Set(command, owner, before.UtcTicks);
        return Entries(command);
    }

    public bool IsEmpty()
    {
        using var command = Command("SELECT EXISTS (SELECT 1 FROM request)");
        return (long)command.ExecuteScalar()! == 0;
    }

    /// <summary>Whether a file is a whole database.</summary>
    public static bool IsSound(string path)
    {
        try
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA quick_check(1)";
            return command.ExecuteScalar() is "ok";
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Gives the space of what was removed back to the disk.</summary>
    public void Shrink() => Run(_connection, "PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)");

    public void Dispose()
    {
        _begin.Dispose();
        _commit.Dispose();
        _insert.Dispose();
        _read.Dispose();
        _delete.Dispose();
        _connection.Dispose();
    }

    /// <summary>All or nothing. Not with the driver's transaction: it fails over a rollback that SQLite has made itself, as it does on a full disk.</summary>
    private void InTransaction(Action action)
    {
        _begin.ExecuteNonQuery();
        try
        {
            action();
            _commit.ExecuteNonQuery();
        }
        catch
        {
            if (raw.sqlite3_get_autocommit(_connection.Handle) == 0) Run(_connection, "ROLLBACK");
            throw;
        }
    }

    private long Insert(string owner, OutboxItem item)
    {
        Set(_insert, owner, item.Destination, item.Route, item.ContentType, item.ContentEncoding, item.Items, item.Created.UtcTicks, item.Body.Length, item.Body.ToArray());
        return (long)_insert.ExecuteScalar()!;
    }

    private static void Run(SqliteConnection connection, string statements)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this file.
        command.CommandText = statements;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static void Set(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
    }

    private static List<OutboxEntry> Entries(SqliteCommand command)
    {
        var entries = new List<OutboxEntry>();
        using var rows = command.ExecuteReader();
        while (rows.Read()) entries.Add(new OutboxEntry(rows.GetInt64(0), rows.GetString(1), rows.GetString(2), rows.GetInt64(3), rows.GetInt64(4), Time(rows.GetInt64(5))));
        entries.Sort(static (left, right) => (left.Created, left.Id).CompareTo((right.Created, right.Id)));
        return entries;
    }

    private static DateTimeOffset Time(long ticks) => new(ticks, TimeSpan.Zero);

    private SqliteCommand Command(string text, params string[] parameters)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The statements are constants of this file.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }
}
