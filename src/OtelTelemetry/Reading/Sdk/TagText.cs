using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OtelTelemetry.Reading.Sdk;

/// <summary>Writes a tag's value as OpenTelemetry writes attribute values that are not strings
/// (specification, "Attribute", section "Non-OTLP protocols": numbers and booleans as in JSON, arrays as JSON arrays).</summary>
internal static class TagText
{
    /// <summary>The value as a label value; null becomes an empty string. Never throws.</summary>
    public static string Of(object? value)
    {
        try
        {
            return value switch
            {
                null => "",
                string text => text,
                bool flag => flag ? "true" : "false",
                double number => Number(number),
                float number => Number(number),
                IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
                IEnumerable items => Array(items),
                _ => value.ToString() ?? "",
            };
        }
        catch (Exception)
        {
            // A foreign ToString may throw; the series is still worth showing.
            return "";
        }
    }

    private static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Array(IEnumerable items)
    {
        var json = new StringBuilder("[");
        foreach (var item in items)
        {
            if (json.Length > 1) json.Append(',');
            switch (item)
            {
                case null:
                    json.Append("null");
                    break;
                case bool or sbyte or byte or short or ushort or int or uint or long or ulong or decimal:
                    json.Append(Of(item));
                    break;
                case float or double when double.IsFinite(Convert.ToDouble(item, CultureInfo.InvariantCulture)):
                    json.Append(Of(item));
                    break;
                default:
                    json.Append('"').Append(JsonEncodedText.Encode(Of(item))).Append('"');
                    break;
            }
        }

        return json.Append(']').ToString();
    }
}
