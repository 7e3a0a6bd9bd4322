using System.Diagnostics;
using OtelTelemetry.Tracing.Propagation;

namespace OtelTelemetry.Tests.Propagation;

/// <summary>Headers as a server sees them: without regard to case, each once or several times.</summary>
internal sealed class Carrier : List<(string Name, string Value)>
{
    public static readonly DistributedContextPropagator.PropagatorGetterCallback Getter = (object? carrier, string name, out string? value, out IEnumerable<string>? values) =>
    {
        var found = ((Carrier)carrier!).Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).ToArray();
        value = found.Length == 1 ? found[0] : null;
        values = found.Length > 1 ? found : null;
    };

    public static readonly DistributedContextPropagator.PropagatorSetterCallback Setter = (carrier, name, value) => ((Carrier)carrier!).Add((name, value));

    /// <summary>What is written of a span.</summary>
    public static Carrier Of(Activity span, params string[] formats)
    {
        var carrier = new Carrier();
        new CompositeContextPropagator(formats).Inject(span, carrier, Setter);
        return carrier;
    }

    public string? this[string name] => this.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).SingleOrDefault();

    public (string? Parent, string? State) Read(params string[] formats)
    {
        new CompositeContextPropagator(formats).ExtractTraceIdAndState(this, Getter, out var parent, out var state);
        return (parent, state);
    }

    /// <summary>What the bare runtime makes of it, as far as an activity can use it.</summary>
    public (string? Parent, string? State) ReadByTheRuntime()
    {
        DistributedContextPropagator.CreateDefaultPropagator().ExtractTraceIdAndState(this, Getter, out var parent, out var state);
        return (ActivityContext.TryParse(parent, state, out _) ? parent : null, state);
    }
}
