namespace OtelTelemetry.Exporters.StatsD;

/// <summary>The way to a StatsD server. Used by one export at a time.</summary>
internal abstract class StatsDTransport : IDisposable
{
    /// <summary>The server, for messages.</summary>
    public abstract string Server { get; }

    /// <summary>What to do when the server cannot be reached.</summary>
    public abstract string Remedy { get; }

    /// <summary>Whether every line ends with a newline.</summary>
    public virtual bool IsStream => false;

    /// <summary>Called before an export sends.</summary>
    public abstract ValueTask PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Sends a packet.</summary>
    public abstract ValueTask SendAsync(ReadOnlyMemory<byte> packet, CancellationToken cancellationToken);

    /// <summary>Sending failed: what is open is of no use any more.</summary>
    public abstract void Reset();

    public void Dispose() => Reset();

    public static StatsDTransport Create(StatsDExporterOptions options) => options.Protocol switch
    {
        StatsDProtocol.Tcp => new TcpTransport(options.Host, options.Port),
        StatsDProtocol.Unix => new UnixTransport(options.SocketPath!),
        _ => new UdpTransport(options.Host, options.Port),
    };
}
