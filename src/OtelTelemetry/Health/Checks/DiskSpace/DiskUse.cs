namespace OtelTelemetry.Health.Checks.DiskSpace;

/// <summary>How full a volume is.</summary>
/// <param name="Used">Bytes that are used.</param>
/// <param name="Available">Bytes that the application may still use; what is kept for the system's administrator is in neither.</param>
internal readonly record struct DiskUse(long Used, long Available)
{
    public double UsedPercent => Used + Available <= 0 ? 100 : 100.0 * Used / (Used + Available);

    /// <exception cref="IOException">The volume cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The volume must not be read.</exception>
    public static DiskUse Of(string path)
    {
        if (!Path.Exists(path)) throw new DirectoryNotFoundException($"'{path}' does not exist");
        var drive = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(Path.GetFullPath(path))! : Path.GetFullPath(path));
        return new DiskUse(drive.TotalSize - drive.TotalFreeSpace, drive.AvailableFreeSpace);
    }
}
