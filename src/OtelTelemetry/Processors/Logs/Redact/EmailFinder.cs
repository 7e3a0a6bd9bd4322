using System.Text.RegularExpressions;
using OtelTelemetry.Processors.Spans.Redact;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>Finds e-mail addresses.</summary>
internal sealed class EmailFinder : SecretFinder
{
    private static readonly Regex s_address = RedactSpansOptions.Compile(@"[\w.%+'-]+@[\w-]+(?:\.[\w-]+)+");

    internal override bool IsIn(ReadOnlySpan<char> text) => text.Contains('@') && s_address.IsMatch(text);

    internal override string Replace(string text, string replacement) => s_address.Replace(text, _ => replacement);
}
