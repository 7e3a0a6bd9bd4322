using System.Diagnostics;
using OtelTelemetry.Tracing.Propagation;

namespace OtelTelemetry.Benchmarks;

/// <summary>Reading and writing headers, beside .NET's own propagator on the same carrier; B3 beside .NET's W3C.</summary>
internal static class PropagationBenchmark
{
    private static readonly DistributedContextPropagator s_native = DistributedContextPropagator.CreateDefaultPropagator();

    private static readonly DistributedContextPropagator.PropagatorGetterCallback s_getter = static (object? carrier, string name, out string? value, out IEnumerable<string>? values) =>
    {
        values = null;
        ((Dictionary<string, string>)carrier!).TryGetValue(name, out value);
    };

    private static readonly DistributedContextPropagator.PropagatorSetterCallback s_setter = static (carrier, name, value) => ((Dictionary<string, string>)carrier!)[name] = value;

    internal static ActivityContext Remote { get; } = new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true);

    internal static BenchmarkResult Extract(string name, params string[] formats)
    {
        var ours = new CompositeContextPropagator(formats);
        using var span = Span();
        var (native, own) = (Headers(), Headers());
        s_native.Inject(span, native, s_setter);
        ours.Inject(span, own, s_setter);
        return new PairedBenchmark(name, operations => Read(s_native, native, operations), operations => Read(ours, own, operations)).Run();
    }

    internal static BenchmarkResult Inject(string name, params string[] formats)
    {
        var ours = new CompositeContextPropagator(formats);
        using var span = Span();
        var headers = Headers();
        return new PairedBenchmark(name, operations => Write(s_native, span, headers, operations), operations => Write(ours, span, headers, operations)).Run();
    }

    private static void Read(DistributedContextPropagator propagator, Dictionary<string, string> headers, int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            propagator.ExtractTraceIdAndState(headers, s_getter, out _, out _);
            propagator.ExtractBaggage(headers, s_getter);
        }
    }

    private static void Write(DistributedContextPropagator propagator, Activity span, Dictionary<string, string> headers, int operations)
    {
        for (var i = 0; i < operations; i++) propagator.Inject(span, headers, s_setter);
    }

    private static Dictionary<string, string> Headers() => new(StringComparer.OrdinalIgnoreCase);

    private static Activity Span()
    {
        var span = new Activity("benchmark") { TraceStateString = "vendor=00f067aa0ba902b7,other=1", ActivityTraceFlags = ActivityTraceFlags.Recorded };
        return span.AddBaggage("tenant", "a").AddBaggage("user", "name of a user").Start();
    }
}
