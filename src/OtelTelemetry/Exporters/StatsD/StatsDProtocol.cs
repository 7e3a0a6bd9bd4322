namespace OtelTelemetry.Exporters.StatsD;

/// <summary>How a StatsD server is reached.</summary>
public enum StatsDProtocol
{
    /// <summary>Datagrams. Nobody says whether they arrive: what was handed to the network counts as sent.</summary>
    Udp,

    /// <summary>A connection that stays open between exports.</summary>
    Tcp,

    /// <summary>Datagrams over a Unix socket, as the Datadog agent offers.</summary>
    Unix,
}
