using System.Net;
using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Exporters.Zipkin;

namespace OtelTelemetry.Configuration;

/// <summary>Reads and checks section <c>Telemetry:Zipkin</c>.</summary>
internal static class ZipkinBinding
{
    public static void Bind(SettingBinder binder, ZipkinOptions zipkin)
    {
        binder.Bind("Zipkin:Enabled", Parse.OptionalBoolean, value => zipkin.Enabled = value);
        binder.Bind("Zipkin:Endpoint", Parse.Endpoint, value => zipkin.Endpoint = value, "OTEL_EXPORTER_ZIPKIN_ENDPOINT");
        binder.BindMap("Zipkin:Headers", values =>
        {
            zipkin.Headers.Clear();
            foreach (var (name, value) in values) zipkin.Headers[name] = value;
        });
        binder.Bind("Zipkin:Timeout", Parse.Duration, value => zipkin.Timeout = value, "OTEL_EXPORTER_ZIPKIN_TIMEOUT", Parse.Milliseconds);
        binder.Bind("Zipkin:MaxRequestBytes", Parse.Integer, value => zipkin.MaxRequestBytes = value);
        binder.Bind("Zipkin:ShortTraceIds", Parse.Boolean, value => zipkin.ShortTraceIds = value);
        binder.Bind("Zipkin:LocalEndpoint:ServiceName", Parse.Text, value => zipkin.LocalEndpoint.ServiceName = value);
        binder.Bind("Zipkin:LocalEndpoint:IpAddress", Parse.Text, value => zipkin.LocalEndpoint.IpAddress = value);
        binder.Bind("Zipkin:LocalEndpoint:Port", Parse.OptionalInteger, value => zipkin.LocalEndpoint.Port = value);
        TelemetryBinding.BindBatch(binder, "Zipkin:Batch", "OTEL_BSP", zipkin.Batch);
        DestinationBinding.Bind(binder, "Zipkin:Delivery", zipkin.Delivery);
    }

    /// <summary>What is wrong, beside what all exporters check.</summary>
    public static IEnumerable<(string Path, object? Value, string Problem, string Remedy)> Check(ZipkinOptions zipkin)
    {
        if (zipkin.Endpoint is { } endpoint && HttpEndpoints.Check(endpoint, ZipkinPipeline.DefaultEndpoint.AbsoluteUri) is { } wrong)
        {
            yield return ("Zipkin:Endpoint", endpoint, wrong.Problem, wrong.Remedy);
        }

        if (zipkin.MaxRequestBytes < 1024)
        {
            yield return ("Zipkin:MaxRequestBytes", zipkin.MaxRequestBytes, $"{zipkin.MaxRequestBytes} bytes hold no span", "Allowed: from 1024, such as 1048576");
        }

        if (zipkin.LocalEndpoint.IpAddress is { } address && !IPAddress.TryParse(address, out _))
        {
            yield return ("Zipkin:LocalEndpoint:IpAddress", address, $"'{address}' is not an address", "Allowed: an address such as 10.0.0.7 or fd00::7, or no setting");
        }

        if (zipkin.LocalEndpoint.Port is < 1 or > 65535)
        {
            yield return ("Zipkin:LocalEndpoint:Port", zipkin.LocalEndpoint.Port, $"{zipkin.LocalEndpoint.Port} is not a port", "Allowed: 1 to 65535, or no setting");
        }
    }
}
