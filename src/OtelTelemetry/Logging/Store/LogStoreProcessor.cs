using OpenTelemetry;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Store;

/// <summary>Gives the store what sinks and exporters get: every record that the processors let through, redacted.</summary>
internal sealed class LogStoreProcessor(LogStore store) : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data) => store.Add(data);
}
