using OpenTelemetry.Logs;

namespace OtelTelemetry.Processors.Logs;

/// <summary>
/// Changes log records, or drops them, before anything exports them. Derive from it for a processor of your own and add it with
/// <see cref="TelemetryBuilder.AddLogProcessor(Func{LogProcessorContext, LogProcessor})"/>. Called by many threads at once, where the application logs: be quick and never block.
/// </summary>
public abstract class LogProcessor
{
    /// <summary>Why its losses happen, as in <c>telemetry_dropped_total</c>.</summary>
    internal virtual string DropReason => GetType().Name;

    /// <summary>Whether it also looks at records in which another one of them sums up what it has left out.</summary>
    internal virtual bool SeesSummaries => true;

    /// <summary>Looks at a record, and changes it where it wants to: <see cref="LogRecord.Attributes"/> is exchanged, not written to. The record belongs to the SDK, which
    /// uses it again: never keep it. An exception drops the record, since nobody knows what was left undone, and is reported.</summary>
    /// <param name="record">The record.</param>
    /// <returns>Whether the record goes on; false drops it.</returns>
    public abstract bool Process(LogRecord record);

    /// <summary>Writes what it still has to say.</summary>
    internal virtual void Flush()
    {
    }

    /// <summary>The end: writes what it still has to say, and holds nothing back from now on.</summary>
    internal virtual void Close()
    {
    }
}
