using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.Datadog;
using OtelTelemetry.Tests.Contracts;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Datadog;

[TestFixture(DatadogApi.V1)]
[TestFixture(DatadogApi.V2)]
public class DatadogContractTests(DatadogApi api) : ExporterContract
{
    private readonly RecordingBackend _datadog = new();

    protected override MetricsExporter Create() =>
        new DatadogExporterOptions { ApiKey = "key", Api = api }.Create(new ExporterContext("Datadog") { TimeProvider = Clock, CreateHttpClient = _datadog.CreateClient });
}
