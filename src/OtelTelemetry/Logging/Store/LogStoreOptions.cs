namespace OtelTelemetry.Logging.Store;

/// <summary>The settings of the store of log records (section <c>Telemetry:Logs:Store</c>).</summary>
public sealed class LogStoreOptions
{
    /// <summary>The most records that are kept to be read back in the process; past that the oldest make room. 1 to 1,000,000.
    /// Default: null, which keeps none.</summary>
    public int? Capacity { get; set; }

    /// <summary>About the most bytes they may take; past that the oldest make room too. From 65,536. Default: 16 MiB.</summary>
    public long MaxBytes { get; set; } = 16 * 1024 * 1024;
}
