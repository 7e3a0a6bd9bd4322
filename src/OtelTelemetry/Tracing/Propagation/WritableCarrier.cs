using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>A carrier with the application's way to write it, in the form propagators take.</summary>
internal abstract class WritableCarrier
{
    public static readonly DistributedContextPropagator.PropagatorSetterCallback Setter =
        static (carrier, name, value) => ((WritableCarrier)carrier!).Set(name, value);

    protected abstract void Set(string name, string value);
}

/// <summary>Kept by its thread from one writing to the next, so that nothing is allocated.</summary>
internal sealed class WritableCarrier<TCarrier> : WritableCarrier
{
    [ThreadStatic]
    private static WritableCarrier<TCarrier>? t_free;

    private TCarrier _carrier = default!;
    private Action<TCarrier, string, string>? _setter;

    public static WritableCarrier<TCarrier> Rent(TCarrier carrier, Action<TCarrier, string, string> setter)
    {
        var free = t_free ?? new WritableCarrier<TCarrier>();
        t_free = null;
        (free._carrier, free._setter) = (carrier, setter);
        return free;
    }

    public void Return()
    {
        (_carrier, _setter) = (default!, null);
        t_free = this;
    }

    protected override void Set(string name, string value) => _setter!(_carrier, name, value);
}
