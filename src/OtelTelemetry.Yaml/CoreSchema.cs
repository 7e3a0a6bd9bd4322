using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace OtelTelemetry.Yaml;

/// <summary>What a scalar means (YAML 1.2.2, section 10.3 "Core Schema"), as the text that a configuration holds: what the JSON provider
/// would make of the same value.</summary>
internal static class CoreSchema
{
    private const string Prefix = "tag:yaml.org,2002:";

    /// <summary>Whether the tag is one of the core schema, or none.</summary>
    public static bool IsKnown(TagName tag) => tag.IsEmpty || tag.IsNonSpecific || tag.Value is
        Prefix + "str" or Prefix + "int" or Prefix + "float" or Prefix + "bool" or Prefix + "null" or Prefix + "map" or Prefix + "seq";

    public static string? ValueOf(Scalar scalar)
    {
        var tag = scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific ? null : scalar.Tag.Value;
        if (tag == Prefix + "null") return null;
        if (tag == Prefix + "str" || (tag is null && (scalar.Style != ScalarStyle.Plain || (scalar.Tag.IsNonSpecific && scalar.Tag.Value == "!")))) return scalar.Value;
        return Resolve(scalar.Value);
    }

    private static string? Resolve(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => null,
        "true" or "True" or "TRUE" => "True",
        "false" or "False" or "FALSE" => "False",
        ".inf" or ".Inf" or ".INF" or "+.inf" or "+.Inf" or "+.INF" => "Infinity",
        "-.inf" or "-.Inf" or "-.INF" => "-Infinity",
        ".nan" or ".NaN" or ".NAN" => "NaN",
        ['0', 'x', .. var digits] when ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) =>
            number.ToString(CultureInfo.InvariantCulture),
        ['0', 'o', .. var digits] when Octal(digits) is { } number => number.ToString(CultureInfo.InvariantCulture),
        _ => text,
    };

    private static ulong? Octal(string digits)
    {
        if (digits.Length is 0 or > 21 || digits.Any(digit => digit is < '0' or > '7')) return null;
        return digits.Aggregate(0UL, (value, digit) => (value * 8) + (ulong)(digit - '0'));
    }
}
