using OtelTelemetry.Configuration;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks.Queue;

namespace OtelTelemetry.Logging.Sinks.Console;

/// <summary>Writes log records to the standard output: for people or for machines. Immutable.</summary>
public sealed record ConsoleLogOptions : LogSinkOptions
{
    /// <summary>Whether it is written for people: aligned, short, in the local time, in colours where it is a terminal. Null: as <see cref="Format"/> says where that is set, otherwise for people on a
    /// terminal, and as JSON elsewhere. Default: null.</summary>
    public bool? Pretty { get; init; }

    /// <summary>How it is written for machines. Default: null, <see cref="LogFormat.Json"/>.</summary>
    public LogFormat? Format { get; init; }

    /// <summary>Whether colours are used. Default: null, on a terminal where the variable <c>NO_COLOR</c> is not set.</summary>
    public bool? Colors { get; init; }

    /// <summary>Whether it goes to the standard error output. Default: false.</summary>
    public bool StandardError { get; init; }

    /// <summary>The most bytes that wait while the console is slow; records beyond are dropped and counted. At least 64 KiB. Default: 8 MiB.</summary>
    public long MaxQueueBytes { get; init; } = 8 * 1024 * 1024;

    /// <inheritdoc/>
    public override LogSink Create(LogSinkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ConsoleLogSink.Open(this, context);
    }

    /// <inheritdoc/>
    protected override IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn()
    {
        if (Format is { } format && !Enum.IsDefined(format)) yield return (nameof(Format), $"{format} is not a format", "Allowed: Json, Ecs, Text");
        foreach (var error in LogQueueSettings.Check(MaxQueueBytes, TimeSpan.Zero)) yield return error;
    }

    internal static LogSinkOptions Read(SettingSection settings)
    {
        var options = new ConsoleLogOptions();
        settings.Bind("Pretty", Parse.Boolean, value => options = options with { Pretty = value });
        settings.Bind("Format", Parse.Name<LogFormat>, value => options = options with { Format = value });
        settings.Bind("Colors", Parse.Boolean, value => options = options with { Colors = value });
        settings.Bind("StandardError", Parse.Boolean, value => options = options with { StandardError = value });
        settings.Bind("MaxQueueBytes", Parse.OptionalSize, value => options = options with { MaxQueueBytes = value ?? options.MaxQueueBytes });
        return options;
    }
}
