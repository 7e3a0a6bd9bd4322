using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters;
using OtelTelemetry.Metrics;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Tests.Support;

/// <summary>Everything an exporter lets be seen while it runs as in an application: results, errors with their causes (which are what is
/// logged), metrics. For tests that look for secrets in it.</summary>
internal static class Utterances
{
    /// <summary>Lets an exporter export directly, with others, and on an interval.</summary>
    public static async Task<string> Of(Func<MetricsExporter> create)
    {
        var all = new List<string>();
        Action<TelemetryError> listen = error =>
        {
            lock (all) all.Add(error.ToString());
        };
        TelemetryErrors.Reported += listen;
        try
        {
            MetricFamilyReader[] families = [new MaterializedFamilyReader(SomeFamilies.Numbers("n_total", MetricKind.Counter, "", ("x", 1)))];
            await using var multi = new MultiExporter(create());
            Say($"{await multi.Exporters[0].ExportAsync(families)}");
            Say($"{await multi.ExportAsync(families)}");
            Say($"{multi.Exporters[0]}");
            await using var periodic = new PeriodicExporter(create(), () => Collection(families), timeProvider: new FakeClock());
            Say($"{await periodic.ExportNowAsync()}");
        }
        finally
        {
            TelemetryErrors.Reported -= listen;
        }

        using var metrics = new MetricReadModel(MetricsRegistry.Default).Collect();
        foreach (var family in metrics.Families.Select(MetricFamilyMaterializer.Materialize))
        {
            foreach (var sample in family.Samples) Say($"{family.Descriptor} {sample.Labels}");
        }

        return string.Join('\n', all);

        void Say(string text)
        {
            lock (all) all.Add(text);
        }
    }

    private static MetricCollection Collection(MetricFamilyReader[] families)
    {
        var collection = new MetricCollection();
        foreach (var family in families) collection.Add(family);
        return collection;
    }
}
