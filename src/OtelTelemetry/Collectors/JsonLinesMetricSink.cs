using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Exporters.Json;

namespace OtelTelemetry.Collectors;

/// <summary>
/// Appends raw measurements to a file, a line of JSON each: <c>timestamp</c> in seconds since 1970, <c>name</c>, <c>value</c>,
/// <c>tags</c>, <c>metadata</c> where there is any. A full file gets a number, and the oldest is deleted, so that what it takes on the
/// disk is bounded. What keeps it from writing is reported with its remedy, and costs that batch only. Used by one buffer.
/// </summary>
public sealed class JsonLinesMetricSink : IMetricSink, IDisposable
{
    private readonly RotatingFile _file;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private readonly Utf8JsonWriter _json;

    /// <summary>Makes a sink; the file is opened with the first batch.</summary>
    /// <param name="path">The file, in a directory that exists.</param>
    /// <param name="maxFileBytes">The size in bytes from which on a new file is begun; more than zero. Default: 10,000,000.</param>
    /// <param name="maxFiles">How many full files are kept beside the current one; from 0. Default: 5.</param>
    /// <exception cref="ArgumentException">The path is empty, or a number outside its range.</exception>
    public JsonLinesMetricSink(string path, long maxFileBytes = 10_000_000, int maxFiles = 5)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxFileBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(maxFiles);
        _file = new RotatingFile(path, maxFileBytes, maxFiles, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        _json = new Utf8JsonWriter(_lines, MetricJson.Writing);
    }

    /// <inheritdoc/>
    public string Name => "json_lines_sink";

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<Metric> batch, CancellationToken cancellationToken)
    {
        _lines.ResetWrittenCount();
        foreach (ref readonly var metric in batch.Span)
        {
            _json.Reset();
            Write(metric);
            _json.Flush();
            _lines.Write("\n"u8);
        }

        try
        {
            _file.Append(_lines.WrittenSpan);
        }
        catch (Exception exception) when (FileProblems.IsOne(exception))
        {
            throw new IOException(FileProblems.Describe(_file.Path, exception), exception);
        }
        finally
        {
            _file.Close();
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose()
    {
        _file.Close();
        _json.Dispose();
    }

    private void Write(in Metric metric)
    {
        _json.WriteStartObject();
        _json.WriteNumber("timestamp", MetricJson.Seconds(metric.Timestamp));
        _json.WriteString("name", metric.Name);
        MetricJson.WriteNumber(_json, "value", metric.Value);
        _json.WriteStartObject("tags");
        foreach (var (name, value) in metric.Tags) _json.WriteString(name, value);
        _json.WriteEndObject();
        if (metric.Metadata is { Count: > 0 } metadata) WriteMetadata(metadata);
        _json.WriteEndObject();
    }

    private void WriteMetadata(IReadOnlyDictionary<string, object?> metadata)
    {
        _json.WriteStartObject("metadata");
        foreach (var (name, value) in metadata)
        {
            switch (value)
            {
                case null:
                    _json.WriteNull(name);
                    break;
                case bool truth:
                    _json.WriteBoolean(name, truth);
                    break;
                case sbyte or byte or short or ushort or int or uint or long or float or double:
                    MetricJson.WriteNumber(_json, name, Convert.ToDouble(value, CultureInfo.InvariantCulture));
                    break;
                default:
                    _json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                    break;
            }
        }

        _json.WriteEndObject();
    }
}
