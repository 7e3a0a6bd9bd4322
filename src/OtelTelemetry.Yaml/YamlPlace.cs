using YamlDotNet.Core;

namespace OtelTelemetry.Yaml;

/// <summary>A line and a column, from 1.</summary>
internal readonly record struct YamlPlace(long Line, long Column)
{
    public static YamlPlace Of(Mark mark) => new(Math.Max(1, mark.Line), Math.Max(1, mark.Column));

    public override string ToString() => $"line {Line}, column {Column}";
}
