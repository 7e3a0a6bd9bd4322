using Microsoft.Extensions.Logging;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Processors.Logs.Filter;

/// <summary>Drops records that match everything that is set. In patterns <c>*</c> stands for any text and <c>?</c> for one letter. Immutable.</summary>
public sealed record LogFilterOptions : LogProcessorOptions
{
    /// <summary>A pattern for the category. Default: null, any.</summary>
    public string? Category { get; init; }

    /// <summary>Only records below this level. Default: null, any.</summary>
    public LogLevel? Below { get; init; }

    /// <summary>A pattern for the template, or for the finished text. Default: null, any.</summary>
    public string? Message { get; init; }

    /// <summary>A pattern for the path of a request, without regard to case: in an attribute or a scope of a usual name (<c>url.path</c>, <c>RequestPath</c>,
    /// <c>Path</c>, <c>http.target</c>, <c>request_path</c>, <c>request_uri</c>, <c>uri</c>), or in a line of an access log. Default: null, any.</summary>
    public string? Path { get; init; }

    /// <summary>Patterns for attributes, of the record or of its scopes. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether errors are dropped too. Default: false, a record of level Error or Critical stays.</summary>
    public bool DropErrors { get; init; }

    /// <inheritdoc/>
    public override LogProcessor Create(LogProcessorContext context) => new LogFilter(this);

    internal static LogProcessorOptions Read(SettingSection settings)
    {
        var options = new LogFilterOptions();
        settings.Bind("Category", Parse.Text, value => options = options with { Category = value });
        settings.Bind("Below", Parse.Name<LogLevel>, value => options = options with { Below = value });
        settings.Bind("Message", Parse.Text, value => options = options with { Message = value });
        settings.Bind("Path", Parse.Text, value => options = options with { Path = value });
        settings.BindMap("Attributes", Parse.Text, values => options = options with { Attributes = values });
        settings.Bind("DropErrors", Parse.Boolean, value => options = options with { DropErrors = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (Category is null && Below is null && Message is null && Path is null && Attributes.Count == 0)
        {
            yield return (nameof(Category), "the filter would drop every record", "Set at least one of Category, Below, Message, Path and Attributes; to switch logs off, set Telemetry:Logs:Enabled to false");
        }

        if (Below is { } level && !Enum.IsDefined(level)) yield return (nameof(Below), $"{level} is not a level", "Allowed: Trace, Debug, Information, Warning, Error, Critical, None");
    }
}
