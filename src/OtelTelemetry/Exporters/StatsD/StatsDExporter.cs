using System.Net.Sockets;
using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.StatsD;

/// <summary>
/// Sends metrics to a StatsD server: counters as what came on top since the last export that was sent, gauges and up-down counters as
/// gauges, histograms and summaries as counters <c>.count</c> and <c>.sum</c> and gauges such as <c>.p99</c>. What could not be sent is
/// part of the next export. Thread-safe: exports wait for each other.
/// </summary>
public sealed class StatsDExporter : MetricsExporter
{
    private readonly ExportGate _gate = new(nameof(StatsDExporter));
    private readonly StatsDTransport _transport;
    private readonly StatsDPackets _packets;
    private readonly StatsDLines _lines;
    private readonly SeriesDeltas _deltas;

    /// <summary>Makes an exporter. It connects when it exports.</summary>
    /// <param name="options">The settings, which are copied.</param>
    /// <param name="context">What it is made with.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one and how to mend it.</exception>
    public StatsDExporter(StatsDExporterOptions options, ExporterContext context)
        : this(options, context, StatsDTransport.Create)
    {
    }

    internal StatsDExporter(StatsDExporterOptions options, ExporterContext context, Func<StatsDExporterOptions, StatsDTransport> connect)
        : base(ExporterSetup.NameOf((context ?? throw new ArgumentNullException(nameof(context))).InstanceName))
    {
        ExporterSetup.Check(options);
        _transport = connect(options);
        _packets = new StatsDPackets(options.MaxPacketSize ?? (options.Protocol == StatsDProtocol.Unix ? 8192 : 1432), _transport.IsStream);
        _deltas = new SeriesDeltas(options.MaxSeries, context.TimeProvider);
        _lines = new StatsDLines(options, Name, _packets, _deltas);
    }

    /// <inheritdoc/>
    public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(families);
        using var turn = await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        long lines = 0;
        long bytes = 0;
        try
        {
            _packets.Clear();
            _deltas.BeginPass();
            if (families.Count == 0) return MetricsExportResult.Success(0);
            await _transport.PrepareAsync(turn.Token).ConfigureAwait(false);
            foreach (var family in families)
            {
                _lines.Begin(family.Descriptor);
                for (var position = 0; position != MetricFamilyReader.Done;)
                {
                    position = _lines.Read(family, position);
                    await SendAsync().ConfigureAwait(false);
                }
            }

            _packets.Seal();
            await SendAsync().ConfigureAwait(false);
            _deltas.EndPass();
            return MetricsExportResult.Success(lines, bytes);
        }
        catch (Exception exception) when (exception is SocketException or IOException)
        {
            _transport.Reset();
            return MetricsExportResult.Failure($"StatsD server {_transport.Server} cannot be reached ({exception.Message}); {_transport.Remedy}", exception, lines);
        }
        catch (OperationCanceledException)
        {
            // A part of a packet may be under way on a connection: what follows must not be glued to it.
            _transport.Reset();
            throw;
        }

        async ValueTask SendAsync()
        {
            while (_packets.TryTake(out var packet))
            {
                await _transport.SendAsync(packet.Bytes, turn.Token).ConfigureAwait(false);
                packet.Commit();
                lines += packet.Lines;
                bytes += packet.Length;
                _packets.Return(packet);
            }
        }
    }

    /// <summary>Ends the exporter and closes its connection: the same as <see cref="DisposeAsync"/>.</summary>
    public ValueTask CloseAsync() => DisposeAsync();

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (await _gate.CloseAsync().ConfigureAwait(false))
        {
            _transport.Dispose();
            _gate.Dispose();
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }
}
