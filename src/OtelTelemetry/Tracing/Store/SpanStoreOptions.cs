namespace OtelTelemetry.Tracing.Store;

/// <summary>The settings of the store of ended spans (section <c>Telemetry:Traces:Store</c>).</summary>
public sealed class SpanStoreOptions
{
    /// <summary>The most spans that are kept to be read back in the process; past that the oldest make room. 1 to 1,000,000.
    /// Default: null, which keeps none.</summary>
    public int? Capacity { get; set; }
}
