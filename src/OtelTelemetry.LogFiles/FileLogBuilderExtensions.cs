using OtelTelemetry.Logging.Sinks;
using OtelTelemetry.Logging.Sinks.Files;

namespace OtelTelemetry;

/// <summary>Adds log records in files.</summary>
public static class FileLogBuilderExtensions
{
    private const string TypeName = "File";

    /// <summary>Lets <c>Telemetry:Logs:Sinks</c> name sinks of the type <c>File</c>; adds none by itself.</summary>
    /// <param name="builder">The telemetry.</param>
    public static TelemetryBuilder AddFileLogs(this TelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        MakeKnown();
        return builder;
    }

    /// <summary>Writes log records to a file as JSON lines, a new one every 100 MiB, at most 1 GiB and 31 files; and lets <c>Telemetry:Logs:Sinks</c> name sinks of the type <c>File</c>.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="path">The file, such as <c>/var/log/shop/app.log</c>.</param>
    /// <param name="name">What this sink is called.</param>
    public static TelemetryBuilder AddFileLogs(this TelemetryBuilder builder, string path, string name = TypeName) =>
        builder.AddFileLogs(new FileLogOptions { Path = path }, name);

    /// <summary>Writes log records to files; and lets <c>Telemetry:Logs:Sinks</c> name sinks of the type <c>File</c>.</summary>
    /// <param name="builder">The telemetry.</param>
    /// <param name="options">The settings.</param>
    /// <param name="name">What this sink is called.</param>
    public static TelemetryBuilder AddFileLogs(this TelemetryBuilder builder, FileLogOptions options, string name = TypeName)
    {
        ArgumentNullException.ThrowIfNull(options);
        return builder.AddFileLogs().AddLogSink(name, options);
    }

    internal static void MakeKnown() => LogSinkRegistry.Add(new LogSinkType(TypeName, FileLogOptions.Read));
}
