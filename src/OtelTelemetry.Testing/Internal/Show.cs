using System.Collections;
using System.Globalization;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Testing.Internal;

/// <summary>Writes values for people, and compares them as people do.</summary>
internal static class Show
{
    /// <summary>The most items a failure lists.</summary>
    private const int MostListed = 50;

    public static string Value(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable items => "[" + string.Join(", ", items.Cast<object?>().Select(Value)) + "]",
        _ => value.ToString() ?? "",
    };

    public static string Attributes(IEnumerable<KeyValuePair<string, object?>> attributes) =>
        "{" + string.Join(", ", attributes.Select(attribute => $"{attribute.Key}={Value(attribute.Value)}")) + "}";

    /// <summary>A list, one item a line.</summary>
    public static string List<T>(string title, IReadOnlyCollection<T> items)
    {
        if (items.Count == 0) return $"{title}: none";
        var lines = items.Take(MostListed).Select(item => "  " + item);
        var more = items.Count > MostListed ? $"{Environment.NewLine}  and {items.Count - MostListed} more" : "";
        return $"{title}:{Environment.NewLine}{string.Join(Environment.NewLine, lines)}{more}";
    }

    /// <summary>The names that differ little from one.</summary>
    public static string Nearest(string name, IEnumerable<string> names)
    {
        string[] near =
        [
            .. names.Distinct(StringComparer.Ordinal)
                .Select(other => (other, distance: NearestName.Distance(name, other)))
                .Where(pair => pair.other != name && (pair.distance <= Math.Max(2, name.Length / 3) || pair.other.Contains(name, StringComparison.OrdinalIgnoreCase)))
                .OrderBy(pair => pair.distance)
                .Select(pair => $"'{pair.other}'")
                .Take(3),
        ];
        return near.Length == 0 ? "" : $" Did you mean {string.Join(" or ", near)}?";
    }

    /// <summary>Whether two values are the same to a reader: 3 is 3, whatever the number's type.</summary>
    public static bool Same(object? left, object? right)
    {
        if (Equals(left, right)) return true;
        if (left is null || right is null) return false;
        if (IsNumber(left) && IsNumber(right)) return Convert.ToDouble(left, CultureInfo.InvariantCulture).Equals(Convert.ToDouble(right, CultureInfo.InvariantCulture));
        if (left is IEnumerable first and not string && right is IEnumerable second and not string)
        {
            object?[] all = [.. first];
            object?[] others = [.. second];
            return all.Length == others.Length && all.Zip(others).All(pair => Same(pair.First, pair.Second));
        }

        return false;
    }

    private static bool IsNumber(object value) => value is sbyte or byte or short or ushort or int or uint or long or ulong or float or double or decimal;
}
