using System.Text.RegularExpressions;
using OtelTelemetry.Processors.Spans.Redact;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>Finds what a regular expression of the application describes.</summary>
internal sealed class PatternFinder(string pattern) : SecretFinder
{
    private readonly Regex _regex = RedactSpansOptions.Compile(pattern);

    internal override bool IsIn(ReadOnlySpan<char> text) => _regex.IsMatch(text);

    internal override string Replace(string text, string replacement) => _regex.Replace(text, _ => replacement);
}
