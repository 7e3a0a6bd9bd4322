using OtelTelemetry.Diagnostics;
using System.Globalization;
using OpenTelemetry.Logs;
using OtelTelemetry.Logging;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>
/// Replaces what its settings describe in the message, its parameters and the exception of a record. Scopes cannot be changed in a record: they are
/// where they come from (<see cref="RedactedScopes"/>); as long as that is not so, a record with a secret in a scope is dropped.
/// </summary>
internal sealed class LogRedactor(RedactLogsOptions options) : LogProcessor
{
    private readonly SecretScrubber _scrubber = new(options);

    internal override string DropReason => "scope_not_redacted";

    internal SecretScrubber Scrubber => _scrubber;

    /// <summary>Knows whether scopes are redacted before a record gets them.</summary>
    internal LogPipeline? Pipeline { get; set; }

    public override bool Process(LogRecord record)
    {
        if (Pipeline is not { ScopesAreRedacted: true } && HasSecretInScope(record)) return false;
        var attributes = record.Attributes;
        if (attributes is not null && _scrubber.Replaced(attributes) is { } others)
        {
            RedactText(record, attributes, others);
            record.Attributes = others;
        }

        if (_scrubber.Replaced(record.FormattedMessage) is { } message) record.FormattedMessage = message;
        if (_scrubber.Replaced(record.Body) is { } body) record.Body = body;
        if (record.Exception is { } exception && SecretExceptions.HasSecret(exception, _scrubber)) RedactException(record, exception);
        return true;
    }

    /// <summary>Leaves nothing in it that could be a secret.</summary>
    internal static void Empty(LogRecord record)
    {
        record.Attributes = [];
        record.Body = record.FormattedMessage = "[redacted]";
        record.Exception = null;
    }

    /// <summary>A value may be a secret by its name only: then it stands in the finished text too, without the name.</summary>
    private void RedactText(LogRecord record, IReadOnlyList<KeyValuePair<string, object?>> before, KeyValuePair<string, object?>[] after)
    {
        if (before is [.., { Key: LogTemplate.Name, Value: string template }] && template.Contains('{'))
        {
            if (record.FormattedMessage is not null) record.FormattedMessage = MessageTemplate.Render(template, after, _scrubber.Replacement);
            return;
        }

        for (var i = 0; i < before.Count; i++)
        {
            var (name, value) = before[i];
            if (!_scrubber.IsSecretName(name) || Convert.ToString(value, CultureInfo.InvariantCulture) is not { Length: > 0 } secret || secret == _scrubber.Replacement) continue;
            record.FormattedMessage = record.FormattedMessage?.Replace(secret, _scrubber.Replacement, StringComparison.Ordinal);
            record.Body = record.Body?.Replace(secret, _scrubber.Replacement, StringComparison.Ordinal);
        }
    }

    /// <summary>An exception cannot be changed: its attributes by OpenTelemetry's conventions, which OTLP makes of it anyway, take its place.</summary>
    private void RedactException(LogRecord record, Exception exception)
    {
        KeyValuePair<string, object?>[] told =
        [
            new("exception.type", exception.GetType().Name),
            new("exception.message", _scrubber.Replaced(exception.Message) ?? exception.Message),
            new("exception.stacktrace", _scrubber.Replaced(exception.ToString()) ?? exception.ToString()),
        ];
        record.Exception = null;
        var attributes = record.Attributes ?? [];
        record.Attributes = attributes is [.., { Key: LogTemplate.Name } template] ? [.. attributes.Take(attributes.Count - 1), .. told, template] : [.. attributes, .. told];
    }

    private bool HasSecretInScope(LogRecord record)
    {
        var search = new ScopeSearch(_scrubber);
        record.ForEachScope(static (scope, search) => search.Visit(scope), search);
        if (!search.IsFound) return false;
        LogPipeline.Report(Diagnostic.ScopesNotRedacted,
            "scopes of log records are not redacted, and records with a secret in a scope are dropped", "Call AddPepperTelemetry after ClearProviders and AddOpenTelemetry, or set Telemetry:Logs:IncludeScopes to false");
        return true;
    }

    private sealed class ScopeSearch(SecretScrubber scrubber)
    {
        public bool IsFound { get; private set; }

        public void Visit(LogRecordScope scope)
        {
            if (!IsFound) IsFound = scrubber.ReplacedScope(scope.Scope) is not null;
        }
    }
}
