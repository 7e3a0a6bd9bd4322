using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Logging.Formats;

namespace OtelTelemetry.Tests.Logging;

public class LogJsonWriterTests
{
    [Test]
    public void Every_text_is_read_back_as_it_was() =>
        Prop.ForAll<string?, string?>(IsReadBack).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Test]
    public void Numbers_are_read_back_as_they_were() => Prop.ForAll<long, double, decimal>(AreReadBack).QuickCheckThrowOnFailure();

    private static void IsReadBack(string? text, string? name)
    {
        var (value, key) = (text ?? "", name ?? "");
        var json = Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString(key, value);
            writer.WriteEndObject();
        });

        var property = JsonDocument.Parse(json).RootElement.EnumerateObject().Single();
        Assert.That((property.Name, property.Value.GetString()), Is.EqualTo((Whole(key), Whole(value))));
    }

    [Test]
    public void Every_character_is_read_back_and_none_ends_the_line()
    {
        for (var code = 0; code <= char.MaxValue; code++)
        {
            var text = $"a{(char)code}b";
            var json = Write(writer => writer.WriteStringValue(text));

            if (JsonDocument.Parse(json).RootElement.GetString() != Whole(text)) Assert.Fail($"U+{code:X4} is read back as another");
            if (json.Any(c => char.IsControl(c) || c is '\u2028' or '\u2029')) Assert.Fail($"U+{code:X4} ends the line");
        }
    }

    private static void AreReadBack(long whole, double fraction, decimal exact)
    {
        if (!double.IsFinite(fraction)) fraction = 0.1;
        var json = JsonDocument.Parse(Write(writer =>
        {
            writer.WriteStartArray();
            writer.WriteNumberValue(whole);
            writer.WriteNumberValue(fraction);
            writer.WriteNumberValue(exact);
            writer.WriteEndArray();
        })).RootElement;

        Assert.That((json[0].GetInt64(), json[1].GetDouble(), json[2].GetDecimal()), Is.EqualTo((whole, fraction, exact)));
    }

    [Test]
    public void A_character_to_escape_is_found_wherever_it_stands()
    {
        for (var length = 1; length <= 50; length++)
        {
            for (var place = 0; place < length; place++)
            {
                foreach (var c in "\"\\\n\u001f\u007f\u0085é\uffff")
                {
                    var letters = new string('x', length).ToCharArray();
                    letters[place] = c;
                    var text = new string(letters);
                    if (JsonDocument.Parse(Write(writer => writer.WriteStringValue(text))).RootElement.GetString() != text) Assert.Fail($"U+{(int)c:X4} at {place} of {length}");
                }
            }
        }
    }

    [Test]
    public void Nested_objects_and_lists_have_their_commas()
    {
        var json = Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString(EncodedText.Encode("a"), "1");
            writer.WriteStartObject(EncodedText.Encode("b"));
            writer.WritePropertyName("c");
            writer.WriteStartArray();
            writer.WriteNullValue();
            writer.WriteBooleanValue(true);
            writer.WriteStartArray();
            writer.WriteEndArray();
            writer.WriteStringValue(new DateTime(2026, 3, 14, 15, 9, 26, DateTimeKind.Utc));
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteNumber(EncodedText.Encode("d"), 2);
            writer.WriteEndObject();
        });

        Assert.That(json, Is.EqualTo("""{"a":"1","b":{"c":[null,true,[],"2026-03-14T15:09:26.0000000Z"]},"d":2}"""));
    }

    /// <summary>What UTF-8 cannot say, halves of surrogate pairs, becomes the replacement character.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Write(Action<LogJsonWriter> write)
    {
        var buffer = new LogBuffer(16);
        write(new LogJsonWriter(buffer));
        return Encoding.UTF8.GetString(buffer.Written);
    }
}
