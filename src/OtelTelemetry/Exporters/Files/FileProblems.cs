namespace OtelTelemetry.Exporters.Files;

/// <summary>Says what kept a file from being written, and what to do.</summary>
internal static class FileProblems
{
    // errno of Linux and macOS, error codes of Windows.
    private const int NoSpace = 28;
    private const int QuotaOnLinux = 122;
    private const int QuotaOnMac = 69;
    private const int DiskFullOnWindows = unchecked((int)0x80070070);

    /// <summary>Whether an exception is one of those that files throw.</summary>
    public static bool IsOne(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>The result of an export that a file kept from ending well.</summary>
    public static MetricsExportResult Result(string path, Exception exception, long items = 0) =>
        MetricsExportResult.Failure(Describe(path, exception), exception, items);

    /// <summary>Cause and remedy in the operator's words.</summary>
    public static string Describe(string path, Exception exception)
    {
        var directory = Path.GetDirectoryName(path) ?? path;
        return exception switch
        {
            _ when Directory.Exists(path) => $"'{path}' is a directory: give the path of a file in it",
            _ when File.Exists(directory) => $"'{directory}' is a file, not a directory: give another path",
            DirectoryNotFoundException => $"the directory '{directory}' does not exist: create it, or give another path",
            UnauthorizedAccessException => $"'{path}' must not be written by user '{Environment.UserName}': let it write in '{directory}', or give another path",
            IOException { HResult: NoSpace or QuotaOnLinux or QuotaOnMac or DiskFullOnWindows } =>
                $"there is no space left for '{path}': free some, or give a path on another disk",
            PathTooLongException => $"the path '{path}' is too long: give a shorter one",
            _ => $"'{path}' could not be written ({exception.Message}): see the cause",
        };
    }
}
