using CustomExporter;
using OtelTelemetry;

// The first argument is the file; it is looked at in the end.
var path = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "metrics.csv");

await using (var telemetry = await TelemetryManager.StartAsync(options => options.Exporters["Csv"] = new CsvExporterOptions { Path = path, Include = { "bakery_*" } }))
{
    var loaves = telemetry.Metrics.CreateCounter("bakery_loaves_total", "Loaves baked.", "kind");
    loaves.Inc(12, "rye");
    loaves.Inc(30, "wheat, \"white\"");
} // The end exports once more.

Console.Write(await File.ReadAllTextAsync(path));
