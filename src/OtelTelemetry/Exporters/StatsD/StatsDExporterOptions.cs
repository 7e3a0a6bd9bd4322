using System.Net;
using OtelTelemetry.Exporters.Deltas;

namespace OtelTelemetry.Exporters.StatsD;

/// <summary>The settings of a <see cref="StatsDExporter"/> (<c>Telemetry:Exporters:StatsD</c>). Copied when the exporter is made.</summary>
public sealed class StatsDExporterOptions : MetricsExporterOptions
{
    /// <summary>The server's name or address. Ignored for <see cref="StatsDProtocol.Unix"/>. Default: localhost.</summary>
    public string Host { get; set; } = "localhost";

    /// <summary>The server's port, from 1 to 65535. Ignored for <see cref="StatsDProtocol.Unix"/>. Default: 8125.</summary>
    public int Port { get; set; } = 8125;

    /// <summary>How the server is reached. Default: UDP.</summary>
    public StatsDProtocol Protocol { get; set; }

    /// <summary>The path of the server's socket; needed for <see cref="StatsDProtocol.Unix"/>, ignored otherwise. Default: null.</summary>
    public string? SocketPath { get; set; }

    /// <summary>What the server understands. Default: <see cref="StatsDDialect.Etsy"/>.</summary>
    public StatsDDialect Dialect { get; set; }

    /// <summary>Put before every name, with a dot between. Default: empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>The most bytes in a packet, from 64 to 65507. A line longer than this goes alone. Default: null, which is 1432, so that a
    /// packet fits the Ethernet's frame, and 8192 for <see cref="StatsDProtocol.Unix"/>.</summary>
    public int? MaxPacketSize { get; set; }

    /// <summary>Tags that every series has. Default: none.</summary>
    public IDictionary<string, string> Tags { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The quantiles that are estimated of histograms, each above 0 and below 1. Default: 0.5, 0.95, 0.99. A summary has its own.</summary>
    public IList<double> Quantiles { get; } = [0.5, 0.95, 0.99];

    /// <summary>The most series of counters, histograms and summaries; from 1. Further ones are left out and counted. Default: 100000.</summary>
    public int MaxSeries { get; set; } = 100_000;

    /// <summary>Makes the exporter.</summary>
    /// <param name="context">What it is made with.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one and how to mend it.</exception>
    public override MetricsExporter Create(ExporterContext context) => new StatsDExporter(this, context);

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        foreach (var wrong in base.Check()) yield return wrong;
        if (!Enum.IsDefined(Protocol)) yield return (nameof(Protocol), $"{Protocol} is not defined", "Allowed: Udp, Tcp, Unix");
        if (!Enum.IsDefined(Dialect)) yield return (nameof(Dialect), $"{Dialect} is not defined", "Allowed: Etsy, DogStatsD");
        if (Protocol == StatsDProtocol.Unix)
        {
            if (string.IsNullOrWhiteSpace(SocketPath)) yield return (nameof(SocketPath), "it is missing", "Allowed: the path of the server's socket, such as /var/run/datadog/dsd.socket");
        }
        else
        {
            if (!IsHost(Host)) yield return (nameof(Host), $"'{Host}' is not a host", "Allowed: a host name or an address; the port is a setting of its own");
            if (Port is < 1 or > IPEndPoint.MaxPort) yield return (nameof(Port), $"{Port} is not a port", "Allowed: 1 to 65535");
        }

        if (Prefix is null) yield return (nameof(Prefix), "it is null", "Allowed: a name, or empty");
        if (MaxPacketSize is < 64 or > StatsDPackets.LargestDatagram) yield return (nameof(MaxPacketSize), $"{MaxPacketSize} is not a size for packets", $"Allowed: 64 to {StatsDPackets.LargestDatagram}");
        if (Tags.Keys.Any(string.IsNullOrWhiteSpace)) yield return (nameof(Tags), "a tag has no name", "Allowed: names that are not empty");
        foreach (var wrong in DeltaSettings.Check(Quantiles, MaxSeries)) yield return wrong;
    }

    private static bool IsHost(string? host) => host is not null && Uri.CheckHostName(host) != UriHostNameType.Unknown;
}
