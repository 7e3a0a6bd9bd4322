using System.Security.Cryptography;
using System.Text;
using OpenTelemetry.Logs;
using OtelTelemetry.Processors.Logs.Suppress;

namespace OtelTelemetry.Processors.Logs.Deduplicate;

/// <summary>Drops records whose exception has the type and the stack of one that passed a short time ago, and says how many.</summary>
internal sealed class ExceptionDeduplicator : LogProcessor, IDisposable
{
    /// <summary>The most inner exceptions that are looked at.</summary>
    private const int MostInner = 10;

    private readonly LogSuppressor _suppressor;

    internal ExceptionDeduplicator(DeduplicateExceptionsOptions options, LogProcessorContext context) =>
        _suppressor = new LogSuppressor(this, most: 1, options.Period, options.MaxKinds, context);

    internal override string DropReason => "duplicate";

    internal override bool SeesSummaries => false;

    public override bool Process(LogRecord record)
    {
        if (record.Exception is not { StackTrace: not null } exception) return true;
        var what = new SuppressedLogs(record.CategoryName ?? "", record.LogLevel, record.EventId, exception.GetType().ToString());
        return _suppressor.TryPass(new SuppressionKey(null, 0, KeyOf(exception)), what);
    }

    internal override void Flush() => _suppressor.Flush();

    internal override void Close() => _suppressor.Close();

    public void Dispose() => _suppressor.Dispose();

    /// <summary>A stack is long and there are many: its hash is kept, one that nobody can make collide.</summary>
    private static string KeyOf(Exception exception)
    {
        var text = new StringBuilder();
        var one = exception;
        for (var i = 0; i < MostInner && one is not null; i++, one = one.InnerException) text.Append(one.GetType()).Append('\n').Append(one.StackTrace).Append('\n');
        return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }
}
