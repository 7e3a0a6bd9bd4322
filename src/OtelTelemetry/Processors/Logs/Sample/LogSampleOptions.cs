using Microsoft.Extensions.Logging;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Processors.Logs.Sample;

/// <summary>Keeps a part of the records: all or none of a trace, where a record belongs to one, the same in every process that keeps the same part. Immutable.</summary>
public sealed record LogSampleOptions : LogProcessorOptions
{
    /// <summary>The part that is kept, from 0 to 1. Default: 1.</summary>
    public double Rate { get; init; } = 1;

    /// <summary>A pattern for the category; <c>*</c> stands for any text and <c>?</c> for one letter. Default: null, any.</summary>
    public string? Category { get; init; }

    /// <summary>Only records below this level are sampled; the others all stay. Default: Warning.</summary>
    public LogLevel Below { get; init; } = LogLevel.Warning;

    /// <inheritdoc/>
    public override LogProcessor Create(LogProcessorContext context) => new LogSample(this);

    internal static LogProcessorOptions Read(SettingSection settings)
    {
        var options = new LogSampleOptions();
        settings.Bind("Rate", Parse.Number, value => options = options with { Rate = value });
        settings.Bind("Category", Parse.Text, value => options = options with { Category = value });
        settings.Bind("Below", Parse.Name<LogLevel>, value => options = options with { Below = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (!(Rate is >= 0 and <= 1)) yield return (nameof(Rate), FormattableString.Invariant($"{Rate} is not a part of a whole"), "Allowed: 0 (no record) to 1 (every record)");
        if (!Enum.IsDefined(Below)) yield return (nameof(Below), $"{Below} is not a level", "Allowed: Trace, Debug, Information, Warning, Error, Critical, None");
    }
}
