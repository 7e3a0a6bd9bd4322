using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace OtelTelemetry.Logging.Formats;

/// <summary>Writes the values a record carries as JSON. Nothing a value does can make it fail.</summary>
internal static class LogJson
{
    /// <summary>Objects in objects beyond this depth are written as text.</summary>
    private const int MostLevels = 5;

    /// <summary>Of a list, this many are written.</summary>
    private const int MostItems = 100;

    /// <summary>Writes a value under its name.</summary>
    public static void Write(LogJsonWriter json, string name, object? value)
    {
        json.WritePropertyName(name);
        Write(json, value, 0);
    }

    /// <summary>Writes a value of an array.</summary>
    public static void Write(LogJsonWriter json, object? value) => Write(json, value, 0);

    /// <summary>A value as text, whatever its own conversion does.</summary>
    public static string Text(object? value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        }
        catch (Exception exception)
        {
            return $"[{value!.GetType().Name} threw {exception.GetType().Name}]";
        }
    }

    private static void Write(LogJsonWriter json, object? value, int depth)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case int number:
                json.WriteNumberValue((long)number);
                break;
            case long number:
                json.WriteNumberValue(number);
                break;
            case bool boolean:
                json.WriteBooleanValue(boolean);
                break;
            case double number:
                WriteNumber(json, number);
                break;
            case float number:
                if (float.IsFinite(number)) json.WriteNumberValue(number);
                else WriteNumber(json, number);
                break;
            case decimal number:
                json.WriteNumberValue(number);
                break;
            case uint number:
                json.WriteNumberValue(number);
                break;
            case ulong number:
                json.WriteNumberValue(number);
                break;
            case short or ushort or byte or sbyte:
                json.WriteNumberValue(Convert.ToInt32(value, CultureInfo.InvariantCulture));
                break;
            case Guid guid:
                json.WriteStringValue(guid);
                break;
            case DateTime time:
                json.WriteStringValue(time);
                break;
            case DateTimeOffset time:
                json.WriteStringValue(time);
                break;
            case Enum:
                json.WriteStringValue(value.ToString());
                break;
            case ISpanFormattable formattable:
                WriteFormatted(json, formattable);
                break;
            case IDictionary or IEnumerable when depth < MostLevels && value is not string:
                WriteMany(json, (IEnumerable)value, depth + 1);
                break;
            default:
                json.WriteStringValue(Text(value));
                break;
        }
    }

    /// <summary>JSON has no word for three numbers: they are written as strings.</summary>
    private static void WriteNumber(LogJsonWriter json, double number)
    {
        if (double.IsFinite(number)) json.WriteNumberValue(number);
        else json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
    }

    private static void WriteFormatted(LogJsonWriter json, ISpanFormattable value)
    {
        Span<char> text = stackalloc char[128];
        var written = 0;
        var fits = false;
        try
        {
            fits = value.TryFormat(text, out written, default, CultureInfo.InvariantCulture);
        }
        catch (Exception)
        {
            // Text tells of it.
        }

        if (fits) json.WriteStringValue(text[..written]);
        else json.WriteStringValue(Text(value));
    }

    /// <summary>A list or a map of the application's: it may change, or throw, while it is read.</summary>
    private static void WriteMany(LogJsonWriter json, IEnumerable values, int depth)
    {
        List<object?> items = [];
        try
        {
            foreach (var item in values)
            {
                if (items.Count == MostItems)
                {
                    items.Add("…");
                    break;
                }

                items.Add(item);
            }
        }
        catch (Exception exception)
        {
            items.Add($"[{values.GetType().Name} threw {exception.GetType().Name}]");
        }

        if (items.Count > 0 && items.TrueForAll(static item => item is DictionaryEntry or KeyValuePair<string, object?> or KeyValuePair<string, string>))
        {
            json.WriteStartObject();
            foreach (var item in items)
            {
                var (name, value) = item switch
                {
                    KeyValuePair<string, object?> pair => (pair.Key, pair.Value),
                    KeyValuePair<string, string> pair => (pair.Key, pair.Value),
                    _ => (Text(((DictionaryEntry)item!).Key), ((DictionaryEntry)item).Value),
                };
                json.WritePropertyName(name);
                Write(json, value, depth);
            }

            json.WriteEndObject();
            return;
        }

        json.WriteStartArray();
        foreach (var item in items) Write(json, item, depth);
        json.WriteEndArray();
    }
}
