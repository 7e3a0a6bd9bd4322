using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;
using OtelTelemetry.Metrics;
using OtelTelemetry.Monitoring;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Integration.Tests;

/// <summary>What we say of the machine is what node_exporter says: its value lies between two of ours, taken before and after it, or is within 2% of one of them.</summary>
[TestFixture]
public sealed class SystemMetricsTests
{
    private const double Part = 0.02;

    private static readonly (string Mode, string[] Theirs)[] s_modes =
    [
        ("user", ["user"]), ("nice", ["nice"]), ("system", ["system"]), ("idle", ["idle"]), ("iowait", ["iowait"]), ("interrupt", ["irq", "softirq"]), ("steal", ["steal"]),
    ];

    private NodeExporter _node = null!;
    private MetricsRegistry _registry = null!;
    private MetricsCollector _metrics = null!;
    private PerformanceMonitor _monitor = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _node = await NodeExporter.Start();
        _registry = new MetricsRegistry();
        _metrics = new MetricsCollector(new MetricsCollectorOptions { Registry = _registry, MeterName = nameof(SystemMetricsTests) });
        var options = new MonitoringOptions();
        options.System.Enabled = true;
        _monitor = new PerformanceMonitor(_metrics, options);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _monitor.DisposeAsync();
        _metrics.Dispose();
        await _node.DisposeAsync();
    }

    [Test]
    public async Task Processors_agree_with_node_exporter()
    {
        var (before, node, after) = await Sample();
        foreach (var (mode, theirs) in s_modes)
        {
            var there = theirs.Sum(name => Sum(node, "node_cpu_seconds_total", ("mode", name)));
            // Each processor's time is cut to a hundredth of a second before it is added up.
            Agree($"cpu {mode}", before.Value("system.cpu.time", mode), there, after.Value("system.cpu.time", mode), rounding: 0.01 * (Environment.ProcessorCount + 1) * theirs.Length);
        }
    }

    [Test]
    public async Task The_load_of_an_interval_agrees_with_node_exporter()
    {
        var (_, node1, first) = await Sample();
        Burn(TimeSpan.FromSeconds(2));
        var (second, node2, _) = await Sample();
        var ours = second.Value("system.cpu.time", "idle") - first.Value("system.cpu.time", "idle");
        var all = s_modes.Sum(mode => second.Value("system.cpu.time", mode.Mode) - first.Value("system.cpu.time", mode.Mode));
        var theirs = Sum(node2, "node_cpu_seconds_total", ("mode", "idle")) - Sum(node1, "node_cpu_seconds_total", ("mode", "idle"));
        var theirAll = Sum(node2, "node_cpu_seconds_total") - Sum(node1, "node_cpu_seconds_total");
        Assert.That(all, Is.GreaterThan(1.5 * Environment.ProcessorCount));
        // One sampling step: the answer of node_exporter itself took some time at either end.
        Assert.That(1 - (ours / all), Is.EqualTo(1 - (theirs / theirAll)).Within(Part + (Math.Abs(theirAll - all) / theirAll)));
    }

    [Test]
    public async Task Memory_agrees_with_node_exporter()
    {
        var (before, node, after) = await Sample();
        double Node(string name) => Sum(node, $"node_memory_{name}_bytes");
        Assert.That(before.Value("system.memory.limit"), Is.EqualTo(Node("MemTotal")));
        var cached = Node("Cached") + Node("SReclaimable");
        Agree("free", before.Value("system.memory.usage", "free"), Node("MemFree"), after.Value("system.memory.usage", "free"));
        Agree("cached", before.Value("system.memory.usage", "cached"), cached, after.Value("system.memory.usage", "cached"));
        Agree("buffers", before.Value("system.memory.usage", "buffers"), Node("Buffers"), after.Value("system.memory.usage", "buffers"));
        Agree("used", before.Value("system.memory.usage", "used"), Node("MemTotal") - Node("MemFree") - Node("Buffers") - cached, after.Value("system.memory.usage", "used"));
        Agree("available", before.Value("system.linux.memory.available"), Node("MemAvailable"), after.Value("system.linux.memory.available"));
    }

    [Test]
    public async Task File_systems_agree_with_node_exporter()
    {
        var (before, node, after) = await Sample();
        var compared = 0;
        foreach (var limit in before.Samples("system.filesystem.limit"))
        {
            var path = limit.Labels["system.filesystem.mountpoint"];
            var size = Sum(node, "node_filesystem_size_bytes", ("mountpoint", path));
            if (size == 0) continue; // node_exporter leaves out other ones than we do.
            compared++;
            var free = Sum(node, "node_filesystem_free_bytes", ("mountpoint", path));
            Assert.That(limit.Value, Is.EqualTo(size), path);
            Agree($"{path} used", Space(before, path, "used"), size - free, Space(after, path, "used"));
            Agree($"{path} free", Space(before, path, "free"), Sum(node, "node_filesystem_avail_bytes", ("mountpoint", path)), Space(after, path, "free"));
        }

        Assert.That(compared, Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public async Task Disks_agree_with_node_exporter()
    {
        var (before, node, after) = await Sample();
        var compared = 0;
        foreach (var device in before.Samples("system.disk.io_time").Select(sample => sample.Labels["system.device"]))
        {
            if (!node.Any(line => line.StartsWith("node_disk_reads_completed_total", StringComparison.Ordinal) && ExpositionLine.Label(line, "device") == device)) continue;
            compared++;
            foreach (var (ours, label, theirs) in new[]
            {
                ("system.disk.io", "read", "node_disk_read_bytes_total"), ("system.disk.io", "write", "node_disk_written_bytes_total"),
                ("system.disk.operations", "read", "node_disk_reads_completed_total"), ("system.disk.operations", "write", "node_disk_writes_completed_total"),
                ("system.disk.operation_time", "read", "node_disk_read_time_seconds_total"), ("system.disk.operation_time", "write", "node_disk_write_time_seconds_total"),
            })
            {
                Agree($"{device} {ours} {label}", before.Value(ours, device, label), Sum(node, theirs, ("device", device)), after.Value(ours, device, label), rounding: 1e-6);
            }

            Agree($"{device} busy", before.Value("system.disk.io_time", device), Sum(node, "node_disk_io_time_seconds_total", ("device", device)), after.Value("system.disk.io_time", device), rounding: 1e-6);
        }

        Assert.That(compared, Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public async Task Network_agrees_with_node_exporter()
    {
        var (before, node, after) = await Sample();
        var interfaces = before.Samples("system.network.io").Select(sample => sample.Labels["network.interface.name"]).Distinct().ToArray();
        Assert.That(interfaces, Does.Contain("lo"));
        foreach (var name in interfaces)
        {
            foreach (var (ours, direction, theirs) in new[]
            {
                ("system.network.io", "receive", "receive_bytes"), ("system.network.io", "transmit", "transmit_bytes"),
                ("system.network.packet.count", "receive", "receive_packets"), ("system.network.packet.count", "transmit", "transmit_packets"),
                ("system.network.errors", "receive", "receive_errs"), ("system.network.packet.dropped", "receive", "receive_drop"),
            })
            {
                Agree($"{name} {theirs}", before.Value(ours, name, direction), Sum(node, $"node_network_{theirs}_total", ("device", name)), after.Value(ours, name, direction));
            }
        }
    }

    private static void Agree(string what, double before, double theirs, double after, double rounding = 0)
    {
        var (low, high) = (Math.Min(before, after) - rounding, Math.Max(before, after) + rounding);
        var near = Math.Min(Math.Abs(theirs - before), Math.Abs(theirs - after));
        Assert.That((theirs >= low && theirs <= high) || near <= Part * Math.Abs(theirs), $"{what}: ours {before:R}, node_exporter's {theirs:R}, ours {after:R}");
        TestContext.Out.WriteLine($"{what}: {before:R} <= {theirs:R} <= {after:R}");
    }

    private static double Space(Reading reading, string path, string state) => reading.Samples("system.filesystem.usage")
        .Where(sample => sample.Labels["system.filesystem.mountpoint"] == path && sample.Labels["system.filesystem.state"] == state).Sum(sample => sample.Value);

    private static double Sum(string[] lines, string name, params (string Name, string Value)[] labels) => lines
        .Where(line => (line.StartsWith(name + "{", StringComparison.Ordinal) || line.StartsWith(name + " ", StringComparison.Ordinal)) && labels.All(label => ExpositionLine.Label(line, label.Name) == label.Value))
        .Sum(ExpositionLine.Value);

    private static void Burn(TimeSpan time)
    {
        var started = TimeProvider.System.GetTimestamp();
        var number = 0.5;
        while (TimeProvider.System.GetElapsedTime(started) < time) number = Math.Sqrt(number + 1);
        Assert.That(number, Is.GreaterThan(0));
    }

    /// <summary>Ours, theirs, ours.</summary>
    private async Task<(Reading Before, string[] Node, Reading After)> Sample()
    {
        var before = await Ours();
        var node = await _node.Lines();
        return (before, node, await Ours());
    }

    private async Task<Reading> Ours()
    {
        Assert.That(await _monitor.CollectAsync(), Is.True, string.Join('\n', _monitor.Collectors));
        return new Reading(_registry.Metrics.Where(metric => metric.Name.StartsWith("system.", StringComparison.Ordinal)).ToDictionary(metric => metric.Name, MetricFamilyMaterializer.Materialize));
    }

    private sealed record Reading(IReadOnlyDictionary<string, MetricFamily> Families)
    {
        public IReadOnlyList<MetricSample> Samples(string metric) => Families[metric].Samples;

        /// <summary>The value of the series with these label values, in their order.</summary>
        public double Value(string metric, params string[] labels) => Samples(metric).Single(sample => sample.Labels.Values.SequenceEqual(labels)).Value;
    }
}
