using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OtelTelemetry.Metrics;
using OtelTelemetry.Processors.Measurements;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Processors.Measurements;

/// <summary>An application with rules: its read model, and two readers of the SDK as exporters have them.</summary>
internal sealed class RuleHost : IAsyncDisposable
{
    private readonly IHost _host;

    private RuleHost(IHost host, string meterName, SeriesReader cumulative, SeriesReader delta)
    {
        _host = host;
        MeterName = meterName;
        Cumulative = cumulative;
        Delta = delta;
        Meter = new Meter(meterName, "1.0");
        Metrics = host.Services.GetRequiredService<MetricsCollector>();
        ReadModel = host.Services.GetRequiredService<MetricReadModel>();
        Processing = host.Services.GetRequiredService<MeasurementProcessing>();
    }

    /// <summary>The name of the library's meter; the host collects it.</summary>
    public string MeterName { get; }

    /// <summary>The library's meter.</summary>
    public Meter Meter { get; }

    public MetricsCollector Metrics { get; }

    public MetricReadModel ReadModel { get; }

    public MeasurementProcessing Processing { get; }

    public SeriesReader Cumulative { get; }

    public SeriesReader Delta { get; }

    public IServiceProvider Services => _host.Services;

    public static FakeClock Clock { get; } = new();

    public static Task<RuleHost> StartAsync(params MeasurementRule[] rules) => StartAsync([], builder =>
    {
        foreach (var rule in rules) builder.AddMeasurementRule(rule);
    });

    public static async Task<RuleHost> StartAsync((string Key, string Value)[] settings, Action<TelemetryBuilder>? configure = null)
    {
        var name = "rules" + Guid.NewGuid().ToString("N");
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(
        [
            new("Telemetry:Metrics:Meters:0", name),
            new("Telemetry:Metrics:Namespace", name),
            new("Telemetry:Prometheus:CollectionCacheDuration", "0s"),
            .. settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value.Replace("{meter}", name, StringComparison.Ordinal))),
        ]);
        var cumulative = new SeriesReader(MetricReaderTemporalityPreference.Cumulative);
        var delta = new SeriesReader(MetricReaderTemporalityPreference.Delta);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        var telemetry = builder.AddPepperTelemetry();
        telemetry.WithMetrics(metrics => metrics.AddReader(cumulative.Reader).AddReader(delta.Reader));
        configure?.Invoke(telemetry);
        var host = builder.Build();
        await host.StartAsync();
        return new RuleHost(host, name, cumulative, delta);
    }

    /// <summary>A family of the library's meter or of our own under it; null when there is none.</summary>
    public MetricFamily? Find(string name)
    {
        using var collection = ReadModel.Collect();
        var found = collection.Families.Where(family => family.Descriptor.Scope.Name == MeterName && family.Descriptor.Name == name).ToArray();
        Assert.That(found, Has.Length.LessThanOrEqualTo(1), $"{name} is there {found.Length} times");
        return found.Length == 0 ? null : MetricFamilyMaterializer.Materialize(found[0]);
    }

    /// <summary>The values of a family by labels, written <c>a=1,b=2</c> in the order of names.</summary>
    public Dictionary<string, double> Read(string name) => Find(name)?.Samples.ToDictionary(sample => Text(sample.Labels), sample => sample.Value) ?? [];

    public IReadOnlyList<string> Names()
    {
        using var collection = ReadModel.Collect();
        return [.. collection.Families.Where(family => family.Descriptor.Scope.Name == MeterName).Select(family => family.Descriptor.Name)];
    }

    public Task StopAsync() => _host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Meter.Dispose();
        await _host.StopAsync();
        _host.Dispose();
    }

    public static string Text(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(',', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}"));
}
