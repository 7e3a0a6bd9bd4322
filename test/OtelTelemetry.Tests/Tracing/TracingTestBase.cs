using System.Diagnostics;
using OtelTelemetry.Tests.Metrics;
using OtelTelemetry.Tracing;

namespace OtelTelemetry.Tests.Tracing;

/// <summary>A tracer of its own, whose spans somebody records.</summary>
public abstract class TracingTestBase : MetricsTestBase
{
    private readonly List<Activity> _ended = [];

    protected SimpleTracer Tracer { get; private set; } = null!;

    protected ActivityListener Listener { get; private set; } = null!;

    /// <summary>The spans that ended, in their order.</summary>
    protected IReadOnlyList<Activity> Ended => _ended;

    /// <summary>The attributes samplers saw, of the last span.</summary>
    protected KeyValuePair<string, object?>[] AttributesAtStart { get; private set; } = [];

    [SetUp]
    public void StartTracing()
    {
        _ended.Clear();
        Activity.Current = null;
        Tracer = new SimpleTracer("test." + Guid.NewGuid().ToString("N"));
        Listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Tracer.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
            {
                AttributesAtStart = [.. options.Tags ?? []];
                return ActivitySamplingResult.AllDataAndRecorded;
            },
            ActivityStopped = _ended.Add,
        };
        ActivitySource.AddActivityListener(Listener);
    }

    [TearDown]
    public void StopTracing()
    {
        Listener.Dispose();
        Tracer.Dispose();
        Activity.Current = null;
    }
}
