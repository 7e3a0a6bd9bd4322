using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace OtelTelemetry.Processors.Measurements.Relays;

/// <summary>What takes measurements of another library's instrument. Thread-safe.</summary>
internal interface IMeasurementSink
{
    /// <summary>The instrument's name, under which losses are counted.</summary>
    string Component { get; }

    /// <summary>Takes a whole number.</summary>
    void Record(long value, ReadOnlySpan<Tag> tags);

    /// <summary>Takes a number.</summary>
    void Record(double value, ReadOnlySpan<Tag> tags);
}
