using System.IO.Enumeration;

namespace OtelTelemetry.Testing.Internal;

/// <summary>Names in which <c>*</c> stands for any text, without regard to case, as OpenTelemetry reads them.</summary>
internal sealed class NamePatterns(IEnumerable<string> patterns)
{
    private readonly string[] _patterns = [.. patterns];

    public bool Match(string name)
    {
        foreach (var pattern in _patterns)
        {
            if (FileSystemName.MatchesSimpleExpression(pattern, name)) return true;
        }

        return false;
    }
}
