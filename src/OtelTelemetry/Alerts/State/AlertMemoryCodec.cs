using System.Globalization;
using System.Text.Json;
using OtelTelemetry.Alerts.Evaluation;

namespace OtelTelemetry.Alerts.State;

/// <summary>Writes what alerts know as JSON, and reads it.</summary>
internal static class AlertMemoryCodec
{
    private const int Layout = 1;

    public static byte[] Write(AlertMemory memory)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteNumber("layout", Layout);
            Write(json, "saved", memory.Saved);
            json.WriteStartArray("alerts");
            foreach (var instance in memory.Instances) Write(json, instance);
            json.WriteEndArray();
            json.WriteStartArray("groups");
            foreach (var group in memory.Groups) Write(json, group);
            json.WriteEndArray();
            json.WriteStartObject("silences");
            foreach (var (name, silence) in memory.Silences)
            {
                json.WriteStartObject(name);
                Write(json, "matchers", silence.Matchers);
                Write(json, "until", silence.Until);
                json.WriteString("comment", silence.Comment);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <exception cref="AlertStateException">It is not what was written.</exception>
    public static AlertMemory Read(byte[] state)
    {
        try
        {
            using var document = JsonDocument.Parse(state);
            var root = document.RootElement;
            if (root.GetProperty("layout").GetInt32() != Layout) throw new AlertStateException("it was written by another version of this library");
            return new AlertMemory
            {
                Saved = Time(root, "saved") ?? default,
                Instances = [.. root.GetProperty("alerts").EnumerateArray().Select(ReadInstance)],
                Groups = [.. root.GetProperty("groups").EnumerateArray().Select(ReadGroup)],
                Silences = root.GetProperty("silences").EnumerateObject().ToDictionary(
                    silence => silence.Name,
                    silence => new AlertSilence { Matchers = Map(silence.Value, "matchers"), Until = Time(silence.Value, "until"), Comment = silence.Value.GetProperty("comment").GetString()! },
                    StringComparer.OrdinalIgnoreCase),
            };
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException)
        {
            throw new AlertStateException("it is damaged", exception);
        }
    }

    private static void Write(Utf8JsonWriter json, AlertInstance instance)
    {
        json.WriteStartObject();
        json.WriteString("rule", instance.Rule);
        Write(json, "labels", instance.Labels);
        json.WriteString("fingerprint", instance.Fingerprint);
        json.WriteString("state", instance.State.ToString());
        Write(json, "activeSince", instance.ActiveSince);
        Write(json, "firingSince", instance.FiringSince);
        Write(json, "falseSince", instance.FalseSince);
        Write(json, "value", instance.Value);
        json.WriteEndObject();
    }

    private static AlertInstance ReadInstance(JsonElement json) =>
        new(json.GetProperty("rule").GetString()!, Map(json, "labels"), json.GetProperty("fingerprint").GetString()!, Time(json, "activeSince") ?? default)
        {
            State = Name<AlertState>(json, "state"),
            FiringSince = Time(json, "firingSince"),
            FalseSince = Time(json, "falseSince"),
            Value = Number(json, "value"),
        };

    private static void Write(Utf8JsonWriter json, AlertMemory.GroupMemory group)
    {
        json.WriteStartObject();
        json.WriteString("handler", group.Handler);
        Write(json, "labels", group.Labels);
        Write(json, "waitingSince", group.WaitingSince);
        Write(json, "lastSent", group.LastSent);
        foreach (var (name, alerts) in new[] { ("sent", group.Sent), ("ended", group.Ended) })
        {
            json.WriteStartArray(name);
            foreach (var alert in alerts) Write(json, alert);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static AlertMemory.GroupMemory ReadGroup(JsonElement json) => new(
        json.GetProperty("handler").GetString()!,
        Map(json, "labels"),
        Time(json, "waitingSince"),
        Time(json, "lastSent"),
        [.. json.GetProperty("sent").EnumerateArray().Select(ReadAlert)],
        [.. json.GetProperty("ended").EnumerateArray().Select(ReadAlert)]);

    private static void Write(Utf8JsonWriter json, Alert alert)
    {
        json.WriteStartObject();
        json.WriteString("name", alert.Name);
        json.WriteString("severity", alert.Severity.ToString());
        json.WriteString("state", alert.State.ToString());
        Write(json, "labels", alert.Labels);
        Write(json, "annotations", alert.Annotations);
        Write(json, "value", alert.Value);
        Write(json, "activeSince", alert.ActiveSince);
        Write(json, "firingSince", alert.FiringSince);
        Write(json, "resolvedAt", alert.ResolvedAt);
        json.WriteString("fingerprint", alert.Fingerprint);
        json.WriteEndObject();
    }

    private static Alert ReadAlert(JsonElement json) => new()
    {
        Name = json.GetProperty("name").GetString()!,
        Severity = Name<AlertSeverity>(json, "severity"),
        State = Name<AlertState>(json, "state"),
        Labels = Map(json, "labels"),
        Annotations = Map(json, "annotations"),
        Value = Number(json, "value"),
        ActiveSince = Time(json, "activeSince") ?? default,
        FiringSince = Time(json, "firingSince"),
        ResolvedAt = Time(json, "resolvedAt"),
        Fingerprint = json.GetProperty("fingerprint").GetString()!,
    };

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string> map)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map) json.WriteString(key, value);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        if (time is { } moment) json.WriteString(name, moment.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
    }

    /// <summary>As text: JSON has no word for infinity.</summary>
    private static void Write(Utf8JsonWriter json, string name, double value) => json.WriteString(name, value.ToString("R", CultureInfo.InvariantCulture));

    private static SortedDictionary<string, string> Map(JsonElement json, string name)
    {
        var map = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in json.GetProperty(name).EnumerateObject()) map[property.Name] = property.Value.GetString()!;
        return map;
    }

    private static DateTimeOffset? Time(JsonElement json, string name) =>
        json.TryGetProperty(name, out var time) ? DateTimeOffset.Parse(time.GetString()!, CultureInfo.InvariantCulture) : null;

    private static double Number(JsonElement json, string name) => double.Parse(json.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);

    private static T Name<T>(JsonElement json, string name)
        where T : struct, Enum => Enum.Parse<T>(json.GetProperty(name).GetString()!);
}
