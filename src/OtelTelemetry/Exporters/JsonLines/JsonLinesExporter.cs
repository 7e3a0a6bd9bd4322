using System.Buffers;
using System.Text.Json;
using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Exporters.Json;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.JsonLines;

/// <summary>
/// Appends one line of JSON for each series and export to a file, and begins a new file when it is full: a history that <c>jq</c>, DuckDB or
/// pandas read. What it takes on the disk is bounded. Thread-safe.
/// </summary>
public sealed class JsonLinesExporter : FileExporter
{
    private const int Mark = 64 * 1024;

    private readonly RotatingFile _file;
    private readonly TimeProvider _time;

    /// <summary>Makes an exporter.</summary>
    /// <param name="options">The settings, copied here.</param>
    /// <param name="context">What it is made with; null for the defaults.</param>
    /// <exception cref="ArgumentException">Settings are wrong; the message names all of them.</exception>
    public JsonLinesExporter(JsonLinesExporterOptions options, ExporterContext? context = null)
        : this(context ?? new ExporterContext("JsonLines"), Checked(options))
    {
    }

    private JsonLinesExporter(ExporterContext context, RotatingFile file)
        : base(ExporterSetup.NameOf(context.InstanceName), file.Path)
    {
        _file = file;
        _time = context.TimeProvider;
    }

    private protected override Task<MetricsExportResult> WriteAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken)
    {
        var timestamp = MetricJson.Seconds(_time.GetUtcNow());
        var lines = new ArrayBufferWriter<byte>(Mark);
        using var json = new Utf8JsonWriter(lines, MetricJson.Writing);
        var (written, waiting, bytes) = (0L, 0L, 0L);
        try
        {
            foreach (var reader in families)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var family = MetricFamilyMaterializer.Materialize(reader);
                foreach (var sample in family.Samples)
                {
                    Write(json, family.Descriptor, sample, timestamp);
                    json.Flush();
                    json.Reset();
                    lines.Write("\n"u8);
                    waiting++;
                    if (lines.WrittenCount >= Mark) Append();
                }
            }

            Append();
            return Task.FromResult(MetricsExportResult.Success(written, bytes));
        }
        catch (Exception exception) when (FileProblems.IsOne(exception))
        {
            return Task.FromResult(FileProblems.Result(_file.Path, exception, written));
        }
        finally
        {
            _file.Close();
        }

        void Append()
        {
            _file.Append(lines.WrittenSpan);
            bytes += lines.WrittenCount;
            lines.ResetWrittenCount();
            (written, waiting) = (written + waiting, 0);
        }
    }

    private static void Write(Utf8JsonWriter json, MetricDescriptor descriptor, MetricSample sample, decimal timestamp)
    {
        json.WriteStartObject();
        json.WriteNumber("timestamp", timestamp);
        json.WriteString("name", descriptor.Name);
        json.WriteString("type", MetricJson.TypeOf(descriptor.Kind));
        if (descriptor.Unit.Length > 0) json.WriteString("unit", descriptor.Unit);
        json.WriteString("meter", descriptor.Scope.Name);
        MetricJson.WriteLabels(json, sample.Labels);
        MetricJson.WriteNumber(json, "value", sample.Value);
        MetricJson.WriteDistribution(json, sample);
        json.WriteEndObject();
    }

    private static RotatingFile Checked(JsonLinesExporterOptions options)
    {
        ExporterSetup.Check(options);
        return new RotatingFile(options.Path, options.MaxFileBytes, options.MaxFiles, options.Mode);
    }
}
