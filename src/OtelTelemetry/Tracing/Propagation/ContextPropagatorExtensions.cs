using System.Diagnostics;
using System.Net.Http.Headers;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>
/// Reads and writes the trace context of any carrier with any propagator: <see cref="DistributedContextPropagator.Current"/> is the one
/// the application uses. Nothing here throws for what others sent. Thread-safe.
/// </summary>
/// <example><code>
/// var parent = DistributedContextPropagator.Current.Extract(message.Headers);
/// using var span = tracer.StartSpan("receive", parent, ActivityKind.Consumer);
/// </code></example>
public static class ContextPropagatorExtensions
{
    private static readonly DistributedContextPropagator.PropagatorGetterCallback s_fromDictionary = GetFromDictionary;
    private static readonly DistributedContextPropagator.PropagatorGetterCallback s_fromHttpHeaders = GetFromHttpHeaders;
    private static readonly DistributedContextPropagator.PropagatorSetterCallback s_toDictionary =
        static (carrier, name, value) => ((IDictionary<string, string>)carrier!)[name] = value;

    private static readonly DistributedContextPropagator.PropagatorSetterCallback s_toHttpHeaders = static (carrier, name, value) =>
    {
        var headers = (HttpHeaders)carrier!;
        headers.Remove(name);
        headers.TryAddWithoutValidation(name, value);
    };

    /// <summary>Reads what came with a message.</summary>
    /// <param name="propagator">The formats.</param>
    /// <param name="carrier">The headers; names are found without regard to case.</param>
    /// <returns>The parent; one that begins a new trace where there is none or it is malformed.</returns>
    public static ParentContext Extract(this DistributedContextPropagator propagator, IReadOnlyDictionary<string, string> carrier) =>
        Read(propagator, carrier, s_fromDictionary);

    /// <summary>Reads what came with an HTTP request or response.</summary>
    /// <param name="propagator">The formats.</param>
    /// <param name="carrier">The headers.</param>
    /// <returns>The parent; one that begins a new trace where there is none or it is malformed.</returns>
    public static ParentContext Extract(this DistributedContextPropagator propagator, HttpHeaders carrier) => Read(propagator, carrier, s_fromHttpHeaders);

    /// <summary>Reads from a carrier of any kind.</summary>
    /// <param name="propagator">The formats.</param>
    /// <param name="carrier">The carrier.</param>
    /// <param name="getter">The value of a header; null where there is none.</param>
    /// <returns>The parent; one that begins a new trace where there is none or it is malformed.</returns>
    public static ParentContext Extract<TCarrier>(this DistributedContextPropagator propagator, TCarrier carrier, Func<TCarrier, string, string?> getter)
    {
        ArgumentNullException.ThrowIfNull(getter);
        var reader = ReadableCarrier<TCarrier>.Rent(carrier, getter, null);
        try
        {
            return Read(propagator, reader, ReadableCarrier.Getter);
        }
        finally
        {
            reader.Return();
        }
    }

    /// <summary>Reads from a carrier of any kind that may have a header several times.</summary>
    /// <param name="propagator">The formats.</param>
    /// <param name="carrier">The carrier.</param>
    /// <param name="getter">The values of a header, in their order; null or empty where there is none.</param>
    /// <returns>The parent; one that begins a new trace where there is none or it is malformed.</returns>
    public static ParentContext Extract<TCarrier>(this DistributedContextPropagator propagator, TCarrier carrier, Func<TCarrier, string, IEnumerable<string>?> getter)
    {
        ArgumentNullException.ThrowIfNull(getter);
        var reader = ReadableCarrier<TCarrier>.Rent(carrier, null, getter);
        try
        {
            return Read(propagator, reader, ReadableCarrier.Getter);
        }
        finally
        {
            reader.Return();
        }
    }

    /// <summary>Writes a span's context and baggage into the headers of a message. Headers of those names are replaced.</summary>
    /// <param name="propagator">The formats.</param>
    /// <param name="span">The span; with null nothing is written.</param>
    /// <param name="carrier">The headers.</param>
    public static void Inject(this DistributedContextPropagator propagator, Activity? span, IDictionary<string, string> carrier)
    {
        ArgumentNullException.ThrowIfNull(propagator);
        ArgumentNullException.ThrowIfNull(carrier);
        propagator.Inject(span, carrier, s_toDictionary);
    }

    /// <summary>Writes a span's context and baggage into the headers of an HTTP request. Headers of those names are replaced.</summary>
    /// <param name="propagator">The formats.</param>
    /// <param name="span">The span; with null nothing is written.</param>
    /// <param name="carrier">The headers.</param>
    public static void Inject(this DistributedContextPropagator propagator, Activity? span, HttpHeaders carrier)
    {
        ArgumentNullException.ThrowIfNull(propagator);
        ArgumentNullException.ThrowIfNull(carrier);
        propagator.Inject(span, carrier, s_toHttpHeaders);
    }

    /// <summary>Writes a span's context and baggage into a carrier of any kind.</summary>
    /// <param name="propagator">The formats.</param>
    /// <param name="span">The span; with null nothing is written.</param>
    /// <param name="carrier">The carrier.</param>
    /// <param name="setter">Sets a header.</param>
    public static void Inject<TCarrier>(this DistributedContextPropagator propagator, Activity? span, TCarrier carrier, Action<TCarrier, string, string> setter)
    {
        ArgumentNullException.ThrowIfNull(propagator);
        ArgumentNullException.ThrowIfNull(setter);
        var writer = WritableCarrier<TCarrier>.Rent(carrier, setter);
        try
        {
            propagator.Inject(span, writer, WritableCarrier.Setter);
        }
        finally
        {
            writer.Return();
        }
    }

    private static ParentContext Read(DistributedContextPropagator propagator, object carrier, DistributedContextPropagator.PropagatorGetterCallback getter)
    {
        ArgumentNullException.ThrowIfNull(propagator);
        ArgumentNullException.ThrowIfNull(carrier);
        propagator.ExtractTraceIdAndState(carrier, getter, out var traceParent, out var traceState);
        if (traceParent is null || !ActivityContext.TryParse(traceParent, traceState, isRemote: true, out var trace)) trace = default;
        return new ParentContext(trace, Items(propagator.ExtractBaggage(carrier, getter)), (propagator as CompositeContextPropagator)?.ExtractRequestId(carrier, getter));
    }

    /// <summary>In the order of the header, which propagators turn round.</summary>
    private static List<KeyValuePair<string, string?>>? Items(IEnumerable<KeyValuePair<string, string?>>? baggage)
    {
        if (baggage is null) return null;
        List<KeyValuePair<string, string?>> items = [.. baggage];
        items.Reverse();
        return items;
    }

    private static void GetFromDictionary(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        values = null;
        var headers = (IReadOnlyDictionary<string, string>)carrier!;
        if (headers.TryGetValue(name, out value)) return;

        // Others may have written the name in another case.
        if (headers is Dictionary<string, string> dictionary)
        {
            if (ReferenceEquals(dictionary.Comparer, StringComparer.OrdinalIgnoreCase)) return;
            foreach (var (key, other) in dictionary)
            {
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) value = other;
            }

            return;
        }

        foreach (var (key, other) in headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)) value = other;
        }
    }

    private static void GetFromHttpHeaders(object? carrier, string name, out string? value, out IEnumerable<string>? values)
    {
        value = null;
        values = ((HttpHeaders)carrier!).NonValidated.TryGetValues(name, out var found) ? found : null;
    }
}
