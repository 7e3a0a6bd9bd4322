using System.Globalization;
using Microsoft.Data.Sqlite;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Delivery.Sqlite;

/// <summary>
/// An outbox in a file that outlives the process. Several processes may use one file: each delivers its own requests, and those of
/// processes that ended. The file can be read by its user only, and holds bodies, but neither addresses nor headers. A damaged file is
/// moved aside and reported; a full disk is reported, and the outbox goes on when there is room. Thread-safe.
/// </summary>
public sealed class SqliteOutbox : IOutbox
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;
    private const int SchemaError = 1;

    /// <summary>How many requests are removed before the file is looked at for space to give back.</summary>
    private const int RemovalsBeforeShrinking = 1000;

    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly TimeProvider _time;
    private readonly List<long> _notRemoved = [];
    private OutboxDatabase? _database;
    private OwnerLock? _owner;
    private int _removals;
    private bool _isDisposed;

    static SqliteOutbox() => SQLitePCL.Batteries_V2.Init();

    /// <summary>Makes an outbox. The file is opened when it is first used.</summary>
    /// <param name="path">The file; its folder is made when it is missing.</param>
    /// <param name="timeProvider">The clock; null for the system's.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public SqliteOutbox(string path, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = path;
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public bool IsDurable => true;

    /// <inheritdoc/>
    public IReadOnlyList<long> Append(IReadOnlyList<OutboxItem> items) => Use("be written", database => database.Insert(_owner!.Owner, items));

    /// <inheritdoc/>
    public OutboxItem? Read(long id) => Use("be read", database => database.Read(_owner!.Owner, id));

    /// <inheritdoc/>
    public void Remove(IReadOnlyList<long> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        lock (_gate)
        {
            _notRemoved.AddRange(ids);
            if (_isDisposed) return;
            try
            {
                Use("be written", database =>
                {
                    RemoveNow(database);
                    return true;
                });
            }
            catch (OutboxException exception)
            {
                TelemetryErrors.Report(Diagnostic.OutboxNotCleaned,
                    "outbox", $"what was delivered cannot be removed from the outbox: {exception.Message}", "It is removed later; if the process ends before, it is delivered twice", exception);
            }
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<OutboxEntry> Adopt(string destination) => Use("be read", database =>
    {
        if (_notRemoved.Count > 0) RemoveNow(database);
        var adopted = new List<OutboxEntry>();
        foreach (var owner in database.Owners(_owner!.Owner, destination))
        {
            if (!OwnerLock.IsAlive(_path, owner)) adopted.AddRange(database.Move(owner, _owner.Owner, destination));
        }

        return adopted;
    });

    /// <inheritdoc/>
    public IReadOnlyList<OutboxEntry> RemoveAbandoned(DateTimeOffset before) => Use("be written", database =>
    {
        var removed = new List<OutboxEntry>();
        foreach (var owner in database.Owners(_owner!.Owner, null))
        {
            if (!OwnerLock.IsAlive(_path, owner)) removed.AddRange(database.DeleteOf(owner, before));
        }

        return removed;
    });

    /// <summary>Closes the file. What is in it is delivered by another process, or the next one. Does nothing the second time.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            if (_database is not null && _notRemoved.Count > 0) Remove([]);
            _isDisposed = true;
            Close();
        }
    }

    private void RemoveNow(OutboxDatabase database)
    {
        if (_notRemoved.Count == 0) return;
        database.Delete(_notRemoved);
        _removals += _notRemoved.Count;
        _notRemoved.Clear();
        if (_removals < RemovalsBeforeShrinking || !database.IsEmpty()) return;
        _removals = 0;
        database.Shrink();
    }

    private T Use<T>(string purpose, Func<OutboxDatabase, T> use)
    {
        lock (_gate)
        {
            if (_isDisposed) throw new OutboxException("it is closed");
            try
            {
                return use(Opened());
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode is Corrupt or NotADatabase || IsForeign(exception))
            {
                MoveAside(exception);
                throw new OutboxException($"{_path} was damaged and is moved aside", exception);
            }
            catch (Exception exception) when (exception is SqliteException or IOException or UnauthorizedAccessException)
            {
                // SQLite's own words, such as 'database or disk is full'.
                throw new OutboxException($"{_path} cannot {purpose}: {exception.Message}", exception);
            }
        }
    }

    /// <summary>A whole database, but another one: no such table, no such column.</summary>
    private static bool IsForeign(SqliteException exception) => exception.SqliteErrorCode == SchemaError
        && (exception.Message.Contains("no such", StringComparison.Ordinal) || exception.Message.Contains("no column", StringComparison.Ordinal));

    private OutboxDatabase Opened()
    {
        if (_database is not null) return _database;
        var isNew = !File.Exists(_path);
        try
        {
            _database = OutboxDatabase.Open(_path);
            _owner ??= OwnerLock.Take(_path);
            return _database;
        }
        catch (SqliteException exception) when (!isNew && (exception.SqliteErrorCode is Corrupt or NotADatabase || IsForeign(exception)))
        {
            MoveAside(exception);
            _database = OutboxDatabase.Open(_path);
            _owner ??= OwnerLock.Take(_path);
            return _database;
        }
    }

    private void MoveAside(SqliteException cause)
    {
        _database?.Dispose();
        _database = null;
        _notRemoved.Clear();
        // Another process may have moved it aside already: what is there now is good.
        if (!IsForeign(cause) && OutboxDatabase.IsSound(_path)) return;
        var aside = $"{_path}.damaged-{_time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", CultureInfo.InvariantCulture)}";
        try
        {
            File.Move(_path, aside, overwrite: true);
            File.Delete(_path + "-wal");
            File.Delete(_path + "-shm");
            TelemetryErrors.Report(Diagnostic.OutboxDamaged, "outbox", $"the outbox {_path} was damaged and is now {aside}", "A new one is used; what was in the old one is lost unless it can be repaired", cause);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TelemetryErrors.Report(Diagnostic.OutboxNotMovedAside, "outbox", $"the damaged outbox {_path} cannot be moved aside", "Move it away", exception);
        }
    }

    private void Close()
    {
        _database?.Dispose();
        _database = null;
        _owner?.Dispose();
        _owner = null;
    }
}
