using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Processors.Logs.Filter;

/// <summary>Drops what is written below a warning for requests of some paths and of those below them. Allocates nothing for paths that are texts.</summary>
internal sealed class ExcludedLogPaths : LogProcessor
{
    private readonly string[] _paths;
    private readonly Func<string, object?, bool> _isExcluded;

    internal ExcludedLogPaths(IEnumerable<string> paths)
    {
        _paths = [.. paths.Select(path => path.Length > 1 ? path.TrimEnd('/') : path)];
        _isExcluded = (name, value) => LogPath.IsName(name) && (value as string ?? value?.ToString()) is { } path && Contains(LogPath.WithoutQuery(path));
    }

    internal override string DropReason => "excluded_path";

    internal override bool SeesSummaries => false;

    public override bool Process(LogRecord record) =>
        record.LogLevel >= LogLevel.Warning || !(LogValues.Any(record, _isExcluded) || Contains(LogPath.InAccessLine(record.FormattedMessage ?? record.Body)));

    private bool Contains(ReadOnlySpan<char> path)
    {
        if (path.IsEmpty) return false;
        foreach (var excluded in _paths)
        {
            if (path.StartsWith(excluded, StringComparison.OrdinalIgnoreCase) && (path.Length == excluded.Length || path[excluded.Length] == '/')) return true;
        }

        return false;
    }
}
