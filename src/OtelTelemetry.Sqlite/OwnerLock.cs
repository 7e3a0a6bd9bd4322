using System.Globalization;

namespace OtelTelemetry.Delivery.Sqlite;

/// <summary>
/// Says that a process is alive: a file beside the outbox that it keeps locked. The system lets go of the lock when the process ends,
/// however it ends, so that nobody has to guess from the time that passed. One that only stands still keeps what belongs to it.
/// </summary>
internal sealed class OwnerLock : IDisposable
{
    private readonly FileStream _file;

    private OwnerLock(string owner, FileStream file)
    {
        Owner = owner;
        _file = file;
    }

    public string Owner { get; }

    /// <exception cref="IOException">The file cannot be made.</exception>
    public static OwnerLock Take(string outbox)
    {
        var owner = Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture);
        return new OwnerLock(owner, Open(PathOf(outbox, owner), FileMode.CreateNew));
    }

    /// <summary>Whether a process of that name lives. The file of one that ended is removed.</summary>
    public static bool IsAlive(string outbox, string owner)
    {
        var path = PathOf(outbox, owner);
        try
        {
            using var file = Open(path, FileMode.Open);
            File.Delete(path);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (DirectoryNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            // Locked.
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            // Of another user: it cannot be told.
            return true;
        }
    }

    public void Dispose()
    {
        // First away, then free: whoever looks in between finds no file, which says the same.
        try
        {
            File.Delete(_file.Name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is unlocked, which is what counts.
        }

        _file.Dispose();
    }

    private static string PathOf(string outbox, string owner) => $"{outbox}.{owner}.lock";

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (mode == FileMode.CreateNew && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
