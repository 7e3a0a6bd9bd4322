using System.Diagnostics;
using OpenTelemetry;

namespace OtelTelemetry.Tracing.Propagation;

/// <summary>Makes a choice of formats the process's own, and takes it back when disposed, unless somebody else has replaced it since.</summary>
internal sealed class AmbientPropagation : IDisposable
{
    private readonly DistributedContextPropagator _before = DistributedContextPropagator.Current;
    private readonly DistributedContextPropagator _propagator;

    public AmbientPropagation(IReadOnlyCollection<string> formats)
    {
        _propagator = new CompositeContextPropagator(formats);
        DistributedContextPropagator.Current = _propagator;
        Sdk.SetDefaultTextMapPropagator(PropagationFormats.CreateTextMap(formats));
    }

    public void Dispose()
    {
        if (!ReferenceEquals(DistributedContextPropagator.Current, _propagator)) return;
        DistributedContextPropagator.Current = _before;
        Sdk.SetDefaultTextMapPropagator(PropagationFormats.CreateTextMap(["tracecontext", "baggage"]));
    }
}
