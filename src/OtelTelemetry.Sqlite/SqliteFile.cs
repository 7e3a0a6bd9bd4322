namespace OtelTelemetry.Delivery.Sqlite;

/// <summary>Files of SQLite.</summary>
internal static class SqliteFile
{
    /// <summary>Makes a file where it is missing, with its folder, for its owner only.</summary>
    public static void Make(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        // An open file must not be opened beside SQLite: closing it would give up SQLite's own locks.
        if (File.Exists(path)) return;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.ReadWrite | FileShare.Delete };
        // SQLite gives the files beside it the same mode.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            using var file = new FileStream(path, options);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was faster.
        }
    }
}
