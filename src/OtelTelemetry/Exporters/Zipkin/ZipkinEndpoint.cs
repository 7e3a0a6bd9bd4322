using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace OtelTelemetry.Exporters.Zipkin;

/// <summary>One side of a span, as Zipkin has it. Immutable.</summary>
/// <param name="ServiceName">The service's name, or null.</param>
/// <param name="Address">Its address, or null.</param>
/// <param name="Port">Its port, or null.</param>
internal sealed record ZipkinEndpoint(string? ServiceName, IPAddress? Address, int? Port)
{
    /// <summary>Writes it as a property.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        if (ServiceName is not null) json.WriteString("serviceName", ServiceName);
        if (Address is { } address)
        {
            if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
            json.WriteString(address.AddressFamily == AddressFamily.InterNetworkV6 ? "ipv6" : "ipv4", address.ToString());
        }

        if (Port is { } port) json.WriteNumber("port", port);
        json.WriteEndObject();
    }
}
