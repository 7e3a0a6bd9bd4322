using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tracing;
using Samples;

// Runs samples as a person would, and shows what they recorded. Each source document's samples are in a file of their own.
using var collector = new MetricsCollector();
using var tracer = new SimpleTracer("samples");

UtilityFogSamples.Basics(collector);
UtilityFogSamples.Coordination(collector);
UtilityFogSamples.Messaging(collector);
UtilityFogSamples.Health(collector);
IaModulesSamples.PipelineMetrics(collector);
PepperPyCoreSamples.Sampling(collector, 10_000, Random.Shared);
await IaModulesSamples.CompleteExample(collector, tracer, ["one", "two"]);

var exporter = new PrometheusExporter();
exporter.Export(collector.CollectAll());
Console.WriteLine(exporter.GetMetricsText());
