using OtelTelemetry.Exporters.Prometheus;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>Encodes what is said of metrics (<c>prometheus.MetricMetadata</c>): type, help and unit.</summary>
internal static class MetadataEncoder
{
    /// <summary>Adds the metadata of all families of a plan that begin a name.</summary>
    public static void AddTo(RequestBatches requests, ExpositionPlan plan)
    {
        var message = new ProtobufWriter();
        foreach (var entry in plan.Entries)
        {
            if (entry.Header is null) continue;
            var descriptor = entry.Text.Descriptor;
            message.Truncate(0);
            message.WriteInt64(1, TypeOf(descriptor.Kind));
            message.WriteString(2, entry.Text.SampleName);
            message.WriteString(4, ExportableText.Of(descriptor.Help));
            message.WriteString(5, PrometheusUnits.Word(descriptor.Unit, descriptor.Kind));
            requests.AddMetadata(message.Written);
        }
    }

    private static long TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => 1,
        MetricKind.Histogram or MetricKind.ExponentialHistogram => 3,
        MetricKind.Summary => 5,
        _ => 2,
    };
}
