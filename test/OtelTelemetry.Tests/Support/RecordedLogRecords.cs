using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace OtelTelemetry.Tests.Support;

/// <summary>Keeps the levels of the records that come through OpenTelemetry.</summary>
internal sealed class RecordedLogRecords : BaseProcessor<LogRecord>
{
    private readonly Lock _gate = new();
    private readonly List<LogLevel> _levels = [];

    public IReadOnlyList<LogLevel> Levels
    {
        get
        {
            lock (_gate) return [.. _levels];
        }
    }

    public override void OnEnd(LogRecord data)
    {
        lock (_gate) _levels.Add(data.LogLevel);
    }
}
