using System.Diagnostics;

namespace OtelTelemetry.Tracing;

/// <summary>
/// Starts spans. Every span is an <see cref="Activity"/> of an <see cref="ActivitySource"/>, so everything that understands
/// those sees it, and it costs what they cost. Thread-safe.
/// </summary>
/// <remarks>A tracer's spans are exported when its name is among the sources of the trace pipeline.</remarks>
/// <example><code>
/// using var span = tracer.StartSpan("charge card");
/// span.SetAttribute("payment.amount", 12.5);
/// </code></example>
public sealed class SimpleTracer : IDisposable
{
    private readonly ActivitySource _source;

    /// <summary>Makes a tracer.</summary>
    /// <param name="name">The instrumentation scope, usually the name of the component that is traced.</param>
    /// <param name="version">Its version, or empty.</param>
    public SimpleTracer(string name, string version = "")
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        _source = new ActivitySource(name, version);
    }

    /// <summary>The instrumentation scope's name.</summary>
    public string Name => _source.Name;

    /// <summary>Starts a span as a child of the current one. Dispose the result to end it.</summary>
    /// <param name="name">What is done, with few different values: the route and not the address.</param>
    /// <param name="kind">The span's role in the conversation of services. Default: internal.</param>
    public SpanScope StartSpan(string name, ActivityKind kind = ActivityKind.Internal) => new(_source.StartActivity(name, kind));

    /// <summary>Ends the source: no more spans are started.</summary>
    public void Dispose() => _source.Dispose();
}
