using OpenTelemetry.Logs;
using OtelTelemetry.Processors.Logs.Suppress;

namespace OtelTelemetry.Processors.Logs.RateLimit;

/// <summary>Drops what is more than so many records of a kind in a period, and says how many.</summary>
internal sealed class LogRateLimit : LogProcessor, IDisposable
{
    private readonly LogSuppressor _suppressor;

    internal LogRateLimit(LogRateLimitOptions options, LogProcessorContext context) =>
        _suppressor = new LogSuppressor(this, options.MaxRecords, options.Period, options.MaxKinds, context);

    internal override string DropReason => "rate_limited";

    internal override bool SeesSummaries => false;

    public override bool Process(LogRecord record)
    {
        var category = record.CategoryName ?? "";
        var text = record.Body ?? record.FormattedMessage ?? "";
        var id = record.EventId;
        return _suppressor.TryPass(new SuppressionKey(category, id.Id, id.Id == 0 ? text : null), new SuppressedLogs(category, record.LogLevel, id, text));
    }

    internal override void Flush() => _suppressor.Flush();

    internal override void Close() => _suppressor.Close();

    public void Dispose() => _suppressor.Dispose();
}
