using OtelTelemetry.Alerts;
using OtelTelemetry.Alerts.Handlers;
using OtelTelemetry.Alerts.Rules;
using OtelTelemetry.Alerts.State;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Alerts;

/// <summary>An engine with a clock that stands still, metrics a test sets, and a handler that remembers.</summary>
internal sealed class AlertBench : IDisposable
{
    private static readonly MetricScope s_scope = new("alert.tests");
    private readonly Dictionary<string, MetricFamilyReader> _families = new(StringComparer.Ordinal);
    private readonly DateTimeOffset _start;

    public AlertBench(Action<TelemetryAlertsOptions> configure, FakeClock? clock = null, IAlertStateStore? store = null, AlertHandlerOptions? handler = null, RecordingHandler? recording = null, string handlerName = "test")
    {
        Clock = clock ?? new FakeClock();
        Handler = recording ?? new RecordingHandler();
        _start = Clock.GetUtcNow();
        var options = new TelemetryAlertsOptions { GroupWait = TimeSpan.Zero };
        configure(options);
        Options = options;
        Engine = new AlertEngine(options, Collect, Clock);
        Engine.Start([Engine.RouteTo(handlerName, handler ?? new Made(), Handler)], store);
    }

    public FakeClock Clock { get; }

    public AlertEngine Engine { get; }

    public TelemetryAlertsOptions Options { get; }

    public RecordingHandler Handler { get; }

    /// <summary>How often the metrics were read.</summary>
    public int Collections { get; private set; }

    /// <summary>What was told so far: seconds since the start, F or R, and the name with the value of its label.</summary>
    public IReadOnlyList<string> Told => [.. Handler.Told.SelectMany(notification => notification.Alerts.Select(alert =>
        $"{(notification.Time - _start).TotalSeconds} {(alert.State == AlertState.Firing ? 'F' : 'R')} {alert.Name}{(alert.Labels.TryGetValue("path", out var path) ? " " + path : "")}"))];

    public static AlertRule Above(double threshold, string metric = "load", TimeSpan? during = null, AlertFunction function = AlertFunction.Last) =>
        new() { Metric = metric, Function = function, Threshold = threshold, For = during ?? TimeSpan.Zero };

    public void Gauge(string name, params (string Path, double Value)[] series) => Numbers(name, MetricKind.Gauge, series);

    public void Counter(string name, params (string Path, double Value)[] series) => Numbers(name, MetricKind.Counter, series);

    public void Set(string name, MetricKind kind, params MetricSample[] samples) =>
        _families[name] = new MaterializedFamilyReader(new MetricFamily(new MetricDescriptor(name, kind, "", "", s_scope), [.. samples]));

    /// <summary>A metric that throws when it is read.</summary>
    public void Broken(string name) => _families[name] = new BrokenFamily(name);

    public void Remove(string name) => _families.Remove(name);

    /// <summary>Lets time pass, second by second, with all that is told meanwhile.</summary>
    public async Task Seconds(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            await Engine.SettledAsync();
        }
    }

    public void Dispose() => Engine.Dispose();

    private void Numbers(string name, MetricKind kind, (string Path, double Value)[] series) =>
        Set(name, kind, [.. series.Select(one => new MetricSample(one.Path.Length == 0 ? [] : [KeyValuePair.Create("path", one.Path)], one.Value))]);

    private MetricCollection Collect()
    {
        Collections++;
        var collection = new MetricCollection();
        foreach (var family in _families.Values) collection.Add(family);
        return collection;
    }

    private sealed class BrokenFamily(string name) : MetricFamilyReader
    {
        public override MetricDescriptor Descriptor { get; } = new(name, MetricKind.Gauge, "", "", s_scope);

        public override int Read(int start, MetricVisitor visitor) => throw new InvalidOperationException("broken");
    }

    internal sealed record Made : AlertHandlerOptions
    {
        public override AlertHandler Create(AlertHandlerContext context) => throw new NotSupportedException();
    }

    /// <summary>Remembers what it was told.</summary>
    internal sealed class RecordingHandler : AlertHandler
    {
        private readonly List<AlertNotification> _told = [];

        public Exception? Failure { get; set; }

        public IReadOnlyList<AlertNotification> Told
        {
            get
            {
                lock (_told) return [.. _told];
            }
        }

        public override ValueTask NotifyAsync(AlertNotification notification, CancellationToken cancellationToken)
        {
            if (Failure is not null) throw Failure;
            lock (_told) _told.Add(notification);
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>A store that lives as long as the test.</summary>
    internal sealed class MemoryStore : IAlertStateStore
    {
        public byte[]? State { get; set; }

        public byte[]? Load() => State;

        public void Save(byte[] state) => State = state;
    }
}
