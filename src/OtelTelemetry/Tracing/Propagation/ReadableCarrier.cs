using System.Diagnostics;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>A carrier with the application's way to read it, in the form propagators take.</summary>
internal abstract class ReadableCarrier
{
    public static readonly DistributedContextPropagator.PropagatorGetterCallback Getter =
        static (object? carrier, string name, out string? value, out IEnumerable<string>? values) => ((ReadableCarrier)carrier!).Get(name, out value, out values);

    protected abstract void Get(string name, out string? value, out IEnumerable<string>? values);
}

/// <summary>Kept by its thread from one reading to the next, so that nothing is allocated.</summary>
internal sealed class ReadableCarrier<TCarrier> : ReadableCarrier
{
    [ThreadStatic]
    private static ReadableCarrier<TCarrier>? t_free;

    private TCarrier _carrier = default!;
    private Func<TCarrier, string, string?>? _one;
    private Func<TCarrier, string, IEnumerable<string>?>? _all;

    public static ReadableCarrier<TCarrier> Rent(TCarrier carrier, Func<TCarrier, string, string?>? one, Func<TCarrier, string, IEnumerable<string>?>? all)
    {
        var free = t_free ?? new ReadableCarrier<TCarrier>();
        t_free = null;
        (free._carrier, free._one, free._all) = (carrier, one, all);
        return free;
    }

    public void Return()
    {
        (_carrier, _one, _all) = (default!, null, null);
        t_free = this;
    }

    protected override void Get(string name, out string? value, out IEnumerable<string>? values)
    {
        value = _one?.Invoke(_carrier, name);
        values = _all?.Invoke(_carrier, name);
    }
}
