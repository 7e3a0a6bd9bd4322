namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>
/// Who writes a log: one process alone, or several together. The system lets go of it when a process ends, however it ends. On Linux nothing else
/// keeps two processes from writing over each other's lines.
/// </summary>
internal static class LogFileLock
{
    private const int TryAgainOnLinux = 11;
    private const int TryAgainOnMacOS = 35;
    private const int SharingViolationOnWindows = unchecked((int)0x80070020);

    /// <exception cref="LogFileInUseException">Another writes it.</exception>
    /// <exception cref="IOException">The lock cannot be made.</exception>
    public static FileStream Take(LogFileNames names, bool shared)
    {
        try
        {
            return new FileStream(names.Lock, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = shared ? FileShare.ReadWrite : FileShare.None,
                BufferSize = 0,
            });
        }
        catch (IOException exception) when (exception.HResult is TryAgainOnLinux or TryAgainOnMacOS or SharingViolationOnWindows)
        {
            throw new LogFileInUseException(names.Path, exception);
        }
    }
}
