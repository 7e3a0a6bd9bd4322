using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Exporters;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Hosting;

public class ExporterHostingTests
{
    [Test]
    public async Task An_exporter_of_one_s_own_gets_the_application_s_metrics_once_more_when_it_stops()
    {
        var exported = new List<(string Name, double Value)>();
        var name = $"n{Guid.NewGuid():N}";
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddPepperTelemetry().AddExporter("mine", new Options(exported) { Include = { name + "*" }, Interval = TimeSpan.FromHours(1) });
        using var host = builder.Build();
        await host.StartAsync();
        host.Services.GetRequiredService<MetricsCollector>().CreateCounter(name + "_total").Inc(4);
        await host.Services.GetRequiredService<TelemetryManager>().FlushAsync();
        Assert.That(exported, Is.EqualTo(new[] { (name + "_total", 4.0) }));
        host.Services.GetRequiredService<MetricsCollector>().CreateCounter(name + "_total").Inc();
        await host.StopAsync();
        Assert.That(exported.Last(), Is.EqualTo((name + "_total", 5.0)));
    }

    [Test]
    public async Task One_that_hangs_holds_up_neither_the_start_nor_the_end()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.AddPepperTelemetry(options => options.ShutdownTimeout = TimeSpan.FromSeconds(1))
            .AddExporter("hanging", new Options([]) { Hangs = true, Interval = TimeSpan.FromMilliseconds(1) });
        using var host = builder.Build();
        await host.StartAsync();
        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Test]
    public void A_type_nobody_knows_and_wrong_settings_stop_the_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Telemetry:Exporters:mine:Type", (string?)"Carrier pigeon")]);
        builder.AddPepperTelemetry().AddExporter("other", new Options([]) { Interval = TimeSpan.Zero });
        var errors = Assert.ThrowsAsync<TelemetryConfigurationException>(async () =>
        {
            using var host = builder.Build();
            await host.StartAsync();
        })!.Errors.Select(error => error.ToString()).ToArray();
        Assert.That(errors, Has.Some.StartsWith("Telemetry:Exporters:mine:Type: 'Carrier pigeon' is not an exporter"));
        Assert.That(errors, Has.Some.Contains("Exporters.other.Interval: 00:00:00 is no interval"));
    }

    private sealed class Options(List<(string Name, double Value)> exported) : MetricsExporterOptions
    {
        public bool Hangs { get; init; }

        public override MetricsExporter Create(ExporterContext context) => new Exporter(exported, Hangs);
    }

    private sealed class Exporter(List<(string Name, double Value)> exported, bool hangs) : MetricsExporter("listing_exporter")
    {
        public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
        {
            if (hangs) await new TaskCompletionSource().Task;
            foreach (var family in families.Select(MetricFamilyMaterializer.Materialize)) exported.Add((family.Descriptor.Name, family.Samples[0].Value));
            return MetricsExportResult.Success(families.Count);
        }
    }
}
