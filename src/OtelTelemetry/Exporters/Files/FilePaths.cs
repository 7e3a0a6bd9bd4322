namespace OtelTelemetry.Exporters.Files;

/// <summary>Checks paths of files that are written.</summary>
internal static class FilePaths
{
    /// <summary>What is wrong with a path, or null. Whether its directory exists shows at the first export: it may be mounted later.</summary>
    public static (string Problem, string Remedy)? Check(string? path, string example)
    {
        if (string.IsNullOrWhiteSpace(path)) return ("there is no path", $"Allowed: the path of a file, such as {example}");
        if (path.Contains('\0') || Path.GetFileName(path).Length == 0) return ($"'{path}' is not the path of a file", $"Allowed: the path of a file, such as {example}");
        return null;
    }
}
