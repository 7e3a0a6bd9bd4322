using Microsoft.AspNetCore.Http;

namespace OtelTelemetry.AspNetCore;

/// <summary>The paths whose requests are not recorded. Immutable.</summary>
internal sealed class ExcludedPaths
{
    /// <summary>No path.</summary>
    public static readonly ExcludedPaths None = new([]);

    private readonly string[] _paths;

    /// <param name="options">Say which paths are excluded everywhere.</param>
    /// <param name="further">Further ones; null for none.</param>
    public ExcludedPaths(TelemetryOptions options, IEnumerable<string>? further = null)
    {
        List<string> paths = [.. options.Traces.ExcludedPaths, .. further ?? []];
        if (options.Prometheus.Enabled) paths.Add(options.Prometheus.Path);
        if (options.Health.Enabled) paths.AddRange([options.Health.LivenessPath, options.Health.ReadinessPath]);
        _paths = [.. paths.Select(path => path.Length > 1 ? path.TrimEnd('/') : path)];
    }

    private ExcludedPaths(string[] paths) => _paths = paths;

    /// <summary>Whether a path is one of them or below one. No allocation.</summary>
    public bool Contains(PathString path)
    {
        if (path.Value is not { Length: > 0 } text) return false;
        foreach (var excluded in _paths)
        {
            if (text.StartsWith(excluded, StringComparison.OrdinalIgnoreCase) && (text.Length == excluded.Length || text[excluded.Length] == '/')) return true;
        }

        return false;
    }
}
