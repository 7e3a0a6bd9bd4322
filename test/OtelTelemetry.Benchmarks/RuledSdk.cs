using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.Processors.Measurements;

namespace OtelTelemetry.Benchmarks;

/// <summary>A meter of another library in an application that maps the label <c>route</c> to a few values.</summary>
internal sealed class RuledSdk : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly TelemetryManager _telemetry;

    internal RuledSdk(string meterName)
    {
        var services = new ServiceCollection();
        var rule = new MeasurementRule { Meter = meterName, MapLabels = { ["route"] = new Dictionary<string, string> { ["/api/v1/resource-00*"] = "few", ["*"] = "many" } } };
        services.AddPepperTelemetry(options => options.Metrics.Meters.Add(meterName)).AddMeasurementRule(rule);
        _services = services.BuildServiceProvider();
        _telemetry = _services.GetRequiredService<TelemetryManager>();
        Meter = new Meter(meterName);
    }

    internal Meter Meter { get; }

    public void Dispose()
    {
        Meter.Dispose();
        _telemetry.Dispose();
        _services.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
