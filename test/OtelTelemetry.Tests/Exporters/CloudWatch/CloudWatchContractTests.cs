using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.CloudWatch;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.CloudWatch;

[TestFixture(CloudWatchHistograms.StatisticSets)]
[TestFixture(CloudWatchHistograms.ValuesAndCounts)]
public class CloudWatchContractTests(CloudWatchHistograms histograms) : ExporterContract
{
    private readonly RecordingBackend _cloudWatch = new();

    protected override MetricsExporter Create() =>
        new CloudWatchExporterOptions { Region = "eu-central-1", AccessKeyId = "id", SecretAccessKey = "key", Histograms = histograms }
            .Create(new ExporterContext("CloudWatch") { TimeProvider = Clock, CreateHttpClient = _cloudWatch.CreateClient });
}

[TestFixture(CloudWatchHistograms.StatisticSets)]
[TestFixture(CloudWatchHistograms.ValuesAndCounts)]
public class EmfContractTests(CloudWatchHistograms histograms) : ExporterContract
{
    protected override MetricsExporter Create() =>
        new EmfExporterOptions { Output = Stream.Null, Histograms = histograms }.Create(new ExporterContext("Emf") { TimeProvider = Clock });
}
