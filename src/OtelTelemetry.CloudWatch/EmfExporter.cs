using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>
/// Writes metrics as lines of JSON in CloudWatch's embedded metric format, one for each series: to the standard output, from where AWS Lambda
/// and containers send them on, to a file that CloudWatch's agent reads, or to a stream. What each kind of metric becomes is what
/// <see cref="CloudWatchExporter"/> makes of it. Thread-safe: exports wait for each other.
/// </summary>
public sealed class EmfExporter : MetricsExporter
{
    private readonly ExportGate _gate = new(nameof(EmfExporter));
    private readonly EmfLines _lines;
    private readonly SeriesDeltas _deltas;
    private readonly TimeProvider _time;
    private readonly RotatingFile? _file;
    private readonly Stream? _output;

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">The settings, which are copied.</param>
    /// <param name="context">What it is made with.</param>
    /// <exception cref="ArgumentException">A setting is wrong; the message lists every one and how to mend it.</exception>
    public EmfExporter(EmfExporterOptions options, ExporterContext context)
        : base(ExporterSetup.NameOf((context ?? throw new ArgumentNullException(nameof(context))).InstanceName))
    {
        ExporterSetup.Check(options);
        _time = context.TimeProvider;
        _deltas = new SeriesDeltas(options.MaxSeries, _time);
        _lines = new EmfLines(options, CloudWatchSettings.NamespaceOf(options.Namespace, context.Resource), Name, _deltas);
        if (options.Path is not null) _file = new RotatingFile(options.Path, options.MaxFileBytes, options.MaxFiles, options.Mode);
        else _output = options.Output ?? System.Console.OpenStandardOutput();
    }

    /// <inheritdoc/>
    public override async ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(families);
        using var turn = await _gate.EnterAsync(cancellationToken).ConfigureAwait(false);
        var (items, bytes) = (0L, 0L);
        _deltas.BeginPass();
        _lines.BeginExport(_time.GetUtcNow());
        try
        {
            foreach (var family in families)
            {
                _lines.Begin(family.Descriptor);
                for (var position = 0; position != MetricFamilyReader.Done;)
                {
                    position = _lines.Read(family, position);
                    if (position != MetricFamilyReader.Done) await WriteAsync().ConfigureAwait(false);
                }
            }

            await WriteAsync().ConfigureAwait(false);
            _deltas.EndPass();
            return MetricsExportResult.Success(items, bytes);
        }
        catch (Exception exception) when (FileProblems.IsOne(exception))
        {
            return _file is null
                ? MetricsExportResult.Failure($"The stream could not be written ({exception.Message}): see the cause", exception, items)
                : FileProblems.Result(_file.Path, exception, items);
        }
        finally
        {
            _file?.Close();
        }

        async ValueTask WriteAsync()
        {
            if (_lines.LineCount == 0) return;
            turn.Token.ThrowIfCancellationRequested();
            if (_file is not null) _file.Append(_lines.Bytes.Span);
            else await WriteToStreamAsync(turn.Token).ConfigureAwait(false);
            items += _lines.LineCount;
            bytes += _lines.Bytes.Length;
            _lines.Commit();
        }
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (await _gate.CloseAsync().ConfigureAwait(false))
        {
            _lines.Dispose();
            _gate.Dispose();
        }

        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async Task WriteToStreamAsync(CancellationToken cancellationToken)
    {
        await _output!.WriteAsync(_lines.Bytes, cancellationToken).ConfigureAwait(false);
        await _output.FlushAsync(cancellationToken).ConfigureAwait(false);
    }
}
