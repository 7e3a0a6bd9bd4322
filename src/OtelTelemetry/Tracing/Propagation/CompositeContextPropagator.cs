using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>
/// Reads and writes the trace context in several formats: all are written, the first that is found well-formed is read
/// (OpenTelemetry context specification, "Composite Propagator"). It serves ASP.NET Core and HttpClient, and by its <c>Extract</c> and
/// <c>Inject</c> (<see cref="ContextPropagatorExtensions"/>) everything else. Thread-safe; malformed headers are as good as none.
/// </summary>
public sealed class CompositeContextPropagator : DistributedContextPropagator
{
    private readonly ContextFormat[] _formats;

    /// <summary>Makes a propagator.</summary>
    /// <param name="formats">Names of formats, in the order they are tried: <c>tracecontext</c>, <c>baggage</c>, <c>b3</c>, <c>b3multi</c>; <c>none</c> is left out.</param>
    /// <param name="forwardRequestId">Whether the request id of a service mesh (<c>x-request-id</c>) is read and written too. Default: false.</param>
    /// <exception cref="ArgumentException">A name is not known.</exception>
    public CompositeContextPropagator(IEnumerable<string> formats, bool forwardRequestId = false)
    {
        ArgumentNullException.ThrowIfNull(formats);
        _formats = [.. formats.Select(PropagationFormats.Create).OfType<ContextFormat>()];
        ForwardsRequestId = forwardRequestId;
        Fields = Array.AsReadOnly<string>([.. _formats.SelectMany(format => format.Fields), .. forwardRequestId ? (string[])[MeshRequestId.Header] : []]);
    }

    /// <summary>The headers it writes.</summary>
    public override IReadOnlyCollection<string> Fields { get; }

    /// <summary>Whether the request id of a service mesh is read and written too.</summary>
    public bool ForwardsRequestId { get; }

    /// <summary>Writes the context of a span into headers.</summary>
    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter)
    {
        if (activity is null || setter is null) return;
        foreach (var format in _formats) format.Inject(activity, carrier, setter);
        if (ForwardsRequestId && MeshRequestId.Of(activity) is { } id) setter(carrier, MeshRequestId.Header, id);
    }

    /// <summary>Reads the context of the calling span from headers.</summary>
    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState)
    {
        traceId = traceState = null;
        if (getter is null) return;
        foreach (var format in _formats)
        {
            if (format.TryExtract(carrier, getter, out traceId, out traceState)) return;
        }
    }

    /// <summary>Reads baggage from headers, the last item first, as .NET wants it.</summary>
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter)
    {
        if (getter is null) return null;
        foreach (var format in _formats)
        {
            if (format.ExtractBaggage(carrier, getter) is { } baggage) return baggage;
        }

        return null;
    }

    /// <summary>The request id among the headers; null where there is none or none that may be forwarded.</summary>
    internal string? ExtractRequestId(object? carrier, PropagatorGetterCallback getter) =>
        ForwardsRequestId && Headers.Single(carrier, getter, MeshRequestId.Header) is { } id && MeshRequestId.IsValid(id) ? id : null;
}
