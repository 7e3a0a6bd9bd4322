using System.Diagnostics;
using System.Globalization;
using System.Net;
using OtelTelemetry.Reading.Sdk;

namespace OtelTelemetry.Exporters.Zipkin;

/// <summary>Finds out whom a client or producer span talked to (OpenTelemetry specification, "OpenTelemetry to Zipkin Transformation", section
/// "Remote endpoint": the first attribute there is, in this order).</summary>
internal static class RemoteEndpoint
{
    private static readonly (string Name, string? Port)[] s_ranks =
    [
        ("peer.service", null),
        ("server.address", "server.port"),
        ("net.peer.name", "net.peer.port"),
        ("network.peer.address", "network.peer.port"),
        ("server.socket.domain", "server.socket.port"),
        ("server.socket.address", "server.socket.port"),
        ("net.sock.peer.name", "net.sock.peer.port"),
        ("net.sock.peer.addr", "net.sock.peer.port"),
        ("peer.hostname", null),
        ("peer.address", null),
        ("db.name", null),
    ];

    public static ZipkinEndpoint? Of(Activity span)
    {
        if (span.Kind is not (ActivityKind.Client or ActivityKind.Producer)) return null;
        foreach (var (name, portName) in s_ranks)
        {
            var value = TagText.Of(span.GetTagItem(name));
            if (value.Length == 0) continue;
            var port = portName is null ? null : PortOf(span.GetTagItem(portName));
            return IPAddress.TryParse(value, out var address) ? new ZipkinEndpoint(null, address, port) : new ZipkinEndpoint(value, null, port);
        }

        return null;
    }

    private static int? PortOf(object? value) =>
        int.TryParse(TagText.Of(value), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;
}
