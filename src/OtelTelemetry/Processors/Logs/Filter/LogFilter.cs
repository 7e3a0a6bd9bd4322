using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OtelTelemetry.Patterns;
using OtelTelemetry.Tracing.Sampling.Rules;

namespace OtelTelemetry.Processors.Logs.Filter;

/// <summary>Drops the records its settings describe. Allocates nothing.</summary>
internal sealed class LogFilter : LogProcessor
{
    private readonly WildcardPattern? _category;
    private readonly WildcardPattern? _message;
    private readonly WildcardPattern? _path;
    private readonly Func<string, object?, bool>[] _wanted;
    private readonly Func<string, object?, bool>? _isPath;
    private readonly LogLevel _below;
    private readonly bool _keepsErrors;

    internal LogFilter(LogFilterOptions options)
    {
        _category = Pattern(options.Category, ignoreCase: false);
        _message = Pattern(options.Message, ignoreCase: false);
        _path = Pattern(options.Path, ignoreCase: true);
        _below = options.Below ?? LogLevel.None;
        _keepsErrors = !options.DropErrors;
        _wanted = [.. options.Attributes.Select(pair => Wanted(pair.Key, new WildcardPattern(pair.Value, ignoreCase: false)))];
        if (_path is { } path) _isPath = (name, value) => LogPath.IsName(name) && (value as string ?? value?.ToString()) is { } text && path.IsMatch(LogPath.WithoutQuery(text));
    }

    internal override string DropReason => "filtered";

    internal override bool SeesSummaries => false;

    public override bool Process(LogRecord record)
    {
        if (_keepsErrors && record.LogLevel >= LogLevel.Error) return true;
        if (record.LogLevel >= _below) return true;
        if (_category is not null && !_category.IsMatch(record.CategoryName)) return true;
        if (_message is not null && !_message.IsMatch(record.Body) && !_message.IsMatch(record.FormattedMessage)) return true;
        if (_isPath is not null && !LogValues.Any(record, _isPath) && !IsInAccessLine(record)) return true;
        foreach (var wanted in _wanted)
        {
            if (!LogValues.Any(record, wanted)) return true;
        }

        return false;
    }

    private static Func<string, object?, bool> Wanted(string key, WildcardPattern pattern) =>
        (name, value) => string.Equals(name, key, StringComparison.Ordinal) && SpanMatch.Holds(pattern, value);

    private static WildcardPattern? Pattern(string? text, bool ignoreCase) => text is null ? null : new WildcardPattern(text, ignoreCase);

    private bool IsInAccessLine(LogRecord record)
    {
        var path = LogPath.InAccessLine(record.FormattedMessage ?? record.Body);
        return !path.IsEmpty && _path!.IsMatch(path);
    }
}
