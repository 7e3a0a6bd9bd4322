namespace OtelTelemetry.Exporters.Datadog;

/// <summary>How large a request may be (Datadog's API reference, "Submit metrics").</summary>
/// <param name="Sent">The most bytes as they are sent.</param>
/// <param name="Raw">The most bytes before compression.</param>
internal sealed record DatadogLimits(int Sent, int Raw)
{
    /// <summary>After how many bytes a batch that will be compressed is sent: what one more series adds must still fit.</summary>
    private const int Mark = 4 * 1024 * 1024;

    public static DatadogLimits Of(DatadogApi api) => api == DatadogApi.V1 ? new(3_200_000, 62_914_560) : new(512_000, 5_242_880);

    public int MarkFor(DatadogCompression compression) => compression == DatadogCompression.None ? Sent / 5 * 4 : Mark;
}
