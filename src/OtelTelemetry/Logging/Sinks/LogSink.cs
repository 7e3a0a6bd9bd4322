using OpenTelemetry.Logs;

namespace OtelTelemetry.Logging.Sinks;

/// <summary>
/// A place where log records go: a console, a file, a server. Derive from it for one of your own and add it with
/// <see cref="TelemetryBuilder.AddLogSink(string, LogSinkOptions)"/>. <see cref="Write"/> is called by many threads at once, where the application logs: be quick and never block.
/// </summary>
public abstract class LogSink
{
    /// <summary>Writes a record, or takes a copy of what it needs: the record belongs to the SDK, which uses it again. An exception drops the record for this
    /// sink, is counted and reported; other sinks are not touched.</summary>
    /// <param name="record">The record.</param>
    public abstract void Write(LogRecord record);

    /// <summary>Waits until everything taken so far is where it belongs. Default: there is nothing to wait for.</summary>
    /// <param name="timeout">The longest wait.</param>
    /// <returns>Whether everything is there; false when the time ran out or the place cannot be written.</returns>
    public virtual bool Flush(TimeSpan timeout) => true;

    /// <summary>Writes what is left and ends; nothing is written afterwards. What is not written in time is given up. Default: nothing.</summary>
    /// <param name="timeout">The longest wait.</param>
    public virtual void Close(TimeSpan timeout)
    {
    }
}
