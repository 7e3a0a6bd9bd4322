using System.Diagnostics;
using OpenTelemetry;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>Makes a choice of formats the process's own, and takes it back when disposed, unless somebody else has replaced it since.</summary>
internal sealed class AmbientPropagation : IDisposable
{
    private readonly DistributedContextPropagator _before = DistributedContextPropagator.Current;
    private readonly DistributedContextPropagator _propagator;

    private AmbientPropagation(DistributedContextPropagator propagator, IEnumerable<string> formats)
    {
        _propagator = propagator;
        DistributedContextPropagator.Current = propagator;
        Sdk.SetDefaultTextMapPropagator(PropagationFormats.CreateTextMap(formats));
    }

    /// <summary>Starts it; null where what is there is to stay.</summary>
    public static AmbientPropagation? Start(TelemetryOptions options)
    {
        var propagator = Choose(options, DistributedContextPropagator.Current);
        return ReferenceEquals(propagator, DistributedContextPropagator.Current) ? null : new AmbientPropagation(propagator, options.Propagators);
    }

    /// <summary>What reads and writes the formats of the options. Where these are .NET's own, another propagator that the application chose stays;
    /// .NET's is replaced by ours, which keeps to the specifications where that one does not.</summary>
    public static DistributedContextPropagator Choose(TelemetryOptions options, DistributedContextPropagator there)
    {
        if (!options.Enabled) return there;
        var isDefault = !options.Traces.ForwardRequestId && PropagationFormats.AreDefault(options.Propagators);
        return isDefault && !IsOfTheRuntime(there) ? there : new CompositeContextPropagator(options.Propagators, options.Traces.ForwardRequestId);
    }

    public void Dispose()
    {
        if (!ReferenceEquals(DistributedContextPropagator.Current, _propagator)) return;
        DistributedContextPropagator.Current = _before;
        Sdk.SetDefaultTextMapPropagator(PropagationFormats.CreateTextMap(["tracecontext", "baggage"]));
    }

    private static bool IsOfTheRuntime(DistributedContextPropagator propagator) => propagator.GetType() == DistributedContextPropagator.CreateDefaultPropagator().GetType();
}
