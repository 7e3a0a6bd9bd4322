using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>W3C Baggage: header <c>baggage</c>. .NET's own propagator does the work; its other headers are kept back.</summary>
internal sealed class BaggageFormat : ContextFormat
{
    private const string Name = "baggage";
    private static readonly DistributedContextPropagator s_w3c = DistributedContextPropagator.CreateW3CPropagator();

    private static readonly DistributedContextPropagator.PropagatorSetterCallback s_onlyBaggage = static (carrier, name, value) =>
    {
        if (name == Name && carrier is Target target) target.Setter(target.Carrier, name, value);
    };

    public override IReadOnlyList<string> Fields { get; } = [Name];

    public override void Inject(Activity activity, object? carrier, DistributedContextPropagator.PropagatorSetterCallback setter)
    {
        using var items = activity.Baggage.GetEnumerator();
        if (items.MoveNext()) s_w3c.Inject(activity, new Target(carrier, setter), s_onlyBaggage);
    }

    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, DistributedContextPropagator.PropagatorGetterCallback getter) =>
        s_w3c.ExtractBaggage(carrier, getter);

    private sealed record Target(object? Carrier, DistributedContextPropagator.PropagatorSetterCallback Setter);
}
