using System.Globalization;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Console;

/// <summary>Writes metrics as a table for people. Nothing but text: no colours and no cursor, so that it can go to a file. Thread-safe; one table at a time.</summary>
public sealed class ConsoleExporter : MetricsExporter
{
    private readonly TextWriter _output;
    private readonly Func<int?> _width;
    private readonly int _maxRows;
    private readonly TimeProvider _time;
    private readonly Lock _turn = new();

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">The settings, copied here.</param>
    /// <param name="context">What it is made with; null for the defaults.</param>
    /// <exception cref="ArgumentException">Settings are wrong; the message names all of them.</exception>
    public ConsoleExporter(ConsoleExporterOptions options, ExporterContext? context = null)
        : base(ExporterSetup.NameOf((context ??= new ExporterContext("Console")).InstanceName))
    {
        ExporterSetup.Check(options);
        _output = options.Output ?? System.Console.Out;
        _width = options.Width is { } width ? () => width : options.Output is null ? TerminalWidth : static () => null;
        _maxRows = options.MaxRows;
        _time = context.TimeProvider;
    }

    /// <inheritdoc/>
    public override ValueTask<MetricsExportResult> ExportAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(families);
        cancellationToken.ThrowIfCancellationRequested();
        var (rows, series) = MetricTable.RowsOf(families, _maxRows);
        if (series == 0) return ValueTask.FromResult(MetricsExportResult.Success(0));

        var time = _time.GetUtcNow().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        try
        {
            lock (_turn)
            {
                _output.WriteLine($"{time}  {series} series");
                foreach (var line in MetricTable.Format(rows, _width())) _output.WriteLine(line);
                if (series > rows.Count) _output.WriteLine($"… and {series - rows.Count} series more");
                _output.WriteLine();
                _output.Flush();
            }

            return ValueTask.FromResult(MetricsExportResult.Success(series));
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return ValueTask.FromResult(MetricsExportResult.Failure($"the console could not be written to ({exception.Message}): see who reads it", exception));
        }
    }

    private static int? TerminalWidth()
    {
        if (System.Console.IsOutputRedirected) return null;
        try
        {
            return Math.Max(40, System.Console.WindowWidth);
        }
        catch (Exception exception) when (exception is IOException or PlatformNotSupportedException)
        {
            return null;
        }
    }
}
