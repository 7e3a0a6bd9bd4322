using OtelTelemetry.Collectors;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Measurements;

namespace OtelTelemetry;

/// <summary>The settings of metrics (section <c>Telemetry:Metrics</c>).</summary>
public sealed class TelemetryMetricsOptions
{
    /// <summary>Whether there are metrics. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The namespace of the application's <c>MetricsCollector</c>: the first part of its metrics' names. Default: empty.</summary>
    public string Namespace { get; set; } = "";

    /// <summary>Labels every metric of the application's <c>MetricsCollector</c> carries. Default: none.</summary>
    public IDictionary<string, string> Labels { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The most series a metric may have; further label values go to its overflow series. At least 1. Default: 2000.</summary>
    public int MaxSeriesPerMetric { get; set; } = 2000;

    /// <summary>After how long without a record a series of the application's <c>MetricsCollector</c> disappears; from 1 second, and
    /// longer than the longest export interval. Default: null, never.</summary>
    public TimeSpan? IdleSeriesExpiry { get; set; }

    /// <summary>The buckets of histograms of the application's <c>MetricsCollector</c> that name none: inclusive upper bounds, finite and
    /// strictly ascending. Default: empty, which stands for those of OpenTelemetry's semantic conventions for seconds, 0.005 to 10.</summary>
    public IList<double> DefaultBuckets { get; } = [];

    /// <summary>Names of further meters to collect; <c>*</c> stands for any text. Default: none.
    /// Always collected are <see cref="DefaultMeters"/>, and the meters named as the service or as the service and a dot and more.</summary>
    public IList<string> Meters { get; } = [];

    /// <summary>What happens to measurements before they are exported, in this order: deny, rename, buckets, labels, filters, quantiles.
    /// Default: none.</summary>
    public IList<MeasurementRule> Rules { get; } = [];

    /// <summary>What becomes of measurements recorded by a name that no metric has. Default: <see cref="UnregisteredMetrics.ByName"/>.</summary>
    public UnregisteredMetrics Unregistered { get; set; } = UnregisteredMetrics.ByName;

    /// <summary>The most metrics that are made for such names; from 0. Default: 1000.</summary>
    public int MaxUnregistered { get; set; } = 1000;

    /// <summary>The collectors that a measurement recorded through the application's <see cref="CollectorPipeline"/> meets before its
    /// instrument, in this order. Default: none.</summary>
    public IList<CollectorOptions> Collectors { get; } = [];

    /// <summary>The buffers of the application's sinks of raw measurements. Default: 1000 a batch, 10,000 at most, 10 seconds.</summary>
    public MetricBufferOptions Buffer { get; } = new();

    /// <summary>Metrics that exist from the start in the application's <see cref="MetricsCollector"/>: each a <see cref="CounterOptions"/>,
    /// <see cref="GaugeOptions"/>, <see cref="HistogramOptions"/> or <see cref="SummaryOptions"/>. Those of
    /// <c>Telemetry:Metrics:Definitions</c> stand here already; a name may stand here once. Default: none.</summary>
    public IList<MetricOptions> Definitions { get; } = [];

    /// <summary>How often metrics are collected for hooks, self metrics and <see cref="TelemetryManager.LatestSnapshot"/>, beside the
    /// exporters' own collections; more than zero. Default: null, never.</summary>
    public TimeSpan? CollectionInterval { get; set; }

    /// <summary>The meters that are collected without being named: .NET's own of runtime, ASP.NET Core, Kestrel and HttpClient.</summary>
    public static IReadOnlyList<string> DefaultMeters { get; } = Array.AsReadOnly<string>(
    [
        "System.Runtime",
        "System.Net.Http",
        "System.Net.NameResolution",
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.RateLimiting",
        "Microsoft.AspNetCore.HeaderParsing",
        "Microsoft.AspNetCore.Http.Connections",
        "Microsoft.AspNetCore.Authorization",
        "Microsoft.AspNetCore.Authentication",
        "Microsoft.AspNetCore.MemoryPool",
    ]);
}
