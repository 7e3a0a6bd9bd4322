namespace OtelTelemetry.Processors.Logs.Filter;

/// <summary>Finds the path of a request in what a record says of it.</summary>
internal static class LogPath
{
    private static readonly string[] s_names = ["url.path", "http.target", "RequestPath", "Path", "request_path", "request_uri", "uri"];
    private static readonly string[] s_methods = ["GET ", "HEAD "];

    /// <summary>Whether an attribute of this name holds a path: those of OpenTelemetry, of ASP.NET Core, and of access logs.</summary>
    internal static bool IsName(string name)
    {
        foreach (var known in s_names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    /// <summary>A path without what is asked of it.</summary>
    internal static ReadOnlySpan<char> WithoutQuery(ReadOnlySpan<char> path)
    {
        var query = path.IndexOf('?');
        return query < 0 ? path : path[..query];
    }

    /// <summary>The path in a line of an access log, as nginx and others write it: <c>"GET /health HTTP/1.1"</c>. Empty where there is none.</summary>
    internal static ReadOnlySpan<char> InAccessLine(ReadOnlySpan<char> line)
    {
        foreach (var method in s_methods)
        {
            var at = line.IndexOf(method, StringComparison.Ordinal);
            if (at < 0 || (at > 0 && char.IsAsciiLetter(line[at - 1]))) continue;
            var path = line[(at + method.Length)..];
            if (path.IsEmpty || path[0] != '/') continue;
            var end = path.IndexOfAny(' ', '"');
            return WithoutQuery(end < 0 ? path : path[..end]);
        }

        return [];
    }
}
