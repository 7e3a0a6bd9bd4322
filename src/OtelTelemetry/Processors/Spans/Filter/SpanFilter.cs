using System.Diagnostics;
using OtelTelemetry.Patterns;
using OtelTelemetry.Tracing.Sampling.Rules;

namespace OtelTelemetry.Processors.Spans.Filter;

/// <summary>Drops the spans its settings describe. Allocates nothing.</summary>
internal sealed class SpanFilter(SpanFilterOptions options) : SpanProcessor
{
    private readonly SpanMatch _match = new(options.Name, options.Kind, options.Path, options.Attributes);
    private readonly WildcardPattern? _source = options.Source is { } source ? new WildcardPattern(source, ignoreCase: false) : null;
    private readonly TimeSpan _shorterThan = options.ShorterThan ?? TimeSpan.MaxValue;
    private readonly bool _keepsErrors = !options.DropErrors;

    public override bool Process(Activity span)
    {
        if (_keepsErrors && span.Status == ActivityStatusCode.Error) return true;
        if (span.Duration >= _shorterThan) return true;
        if (_source is not null && !_source.IsMatch(span.Source.Name)) return true;
        return !_match.IsMatch(span);
    }
}
