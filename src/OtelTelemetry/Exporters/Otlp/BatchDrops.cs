using System.Diagnostics;
using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Delivery;
using OtelTelemetry.Diagnostics;

namespace OtelTelemetry.Exporters.Otlp;

/// <summary>
/// Counts what finds a batch queue of the SDK full. The SDK counts it, and tells nobody: the number is internal. Spans could be counted
/// by a queue of our own, but log records cannot, since the SDK takes them back after use. So the number is read where it is; an SDK
/// that has it no more is reported, and everything else works. Thread-safe.
/// </summary>
internal sealed class BatchDrops(DeliveryDestination? destination, string signal, string component, Func<long> read)
{
    private long _seen;
    private bool _isBroken;

    public static BatchDrops Of(BatchExportProcessor<Activity> processor, DeliveryDestination? destination, string component) =>
        new(destination, "traces", component, () => Internals<Activity>.Dropped(processor));

    public static BatchDrops Of(BatchExportProcessor<LogRecord> processor, DeliveryDestination? destination, string component) =>
        new(destination, "logs", component, () => Internals<LogRecord>.Dropped(processor));

    /// <summary>Counts what was dropped since the last time.</summary>
    public void Count()
    {
        if (_isBroken) return;
        try
        {
            var now = read();
            for (var seen = Volatile.Read(ref _seen); now > seen; seen = Volatile.Read(ref _seen))
            {
                // Each drop is counted by one of the threads that see it.
                if (Interlocked.CompareExchange(ref _seen, now, seen) == seen) Add(now - seen);
            }
        }
        catch (Exception exception)
        {
            // It runs where the application ends a span or writes to a log.
            _isBroken = true;
            TelemetryErrors.Report(Diagnostic.SdkQueueUncounted, component, "what finds the queue of the SDK full cannot be counted with this version of OpenTelemetry", "Update this library", exception);
        }
    }

    private void Add(long items)
    {
        if (destination is not null) destination.Refuse(items, DeliveryDropReasons.QueueFull);
        else TelemetryLosses.Count(signal, component, DeliveryDropReasons.QueueFull, items);
    }

    /// <summary>As generic as the class it looks into.</summary>
    private static class Internals<T>
        where T : class
    {
        [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_DroppedCount")]
        public static extern long Dropped(BatchExportProcessor<T> processor);
    }
}
