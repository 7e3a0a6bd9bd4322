using System.Collections;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Tests.Processors.Logs;

namespace OtelTelemetry.Tests.Logging;

public class LogFormatterTests
{
    [Test]
    public void Json_has_everything_under_the_names_of_OpenTelemetry()
    {
        var line = Json(LogFormat.Json, logger =>
        {
            using var outer = logger.BeginScope(new Dictionary<string, object?> { ["OrderId"] = 1, ["Tenant"] = "blue" });
            using var inner = logger.BeginScope("Order {OrderId}", 4711);
            using var text = logger.BeginScope("checkout");
            logger.LogWarning(new EventId(17, "StockLow"), new InvalidOperationException("No stock."), "Stock of {Sku} is {Left}", "A\"7", 2.5);
        });

        Assert.That(line.GetProperty("timestamp").GetDateTime().Kind, Is.EqualTo(DateTimeKind.Utc));
        Assert.That(line.GetProperty("level").GetString(), Is.EqualTo("Warning"));
        Assert.That(line.GetProperty("category").GetString(), Is.EqualTo("Shop.Orders"));
        Assert.That((line.GetProperty("event_id").GetInt32(), line.GetProperty("event_name").GetString()), Is.EqualTo((17, "StockLow")));
        Assert.That(line.GetProperty("message").GetString(), Is.EqualTo("Stock of A\"7 is 2.5"));
        Assert.That(line.GetProperty("template").GetString(), Is.EqualTo("Stock of {Sku} is {Left}"));
        Assert.That(line.GetProperty("attributes").GetRawText(), Is.EqualTo("""{"Sku":"A\"7","Left":2.5}"""));
        Assert.That(line.GetProperty("scopes").GetRawText(), Is.EqualTo("""{"OrderId":4711,"Tenant":"blue"}"""));
        Assert.That(line.GetProperty("scope_texts").GetRawText(), Is.EqualTo("""["checkout"]"""));
        Assert.That(line.GetProperty("exception").GetProperty("type").GetString(), Is.EqualTo("System.InvalidOperationException"));
        Assert.That(line.GetProperty("resource").GetProperty("service.name").GetString(), Is.EqualTo("shop"));
    }

    [Test]
    public void Ecs_has_the_names_of_the_schema_and_one_type_for_a_name()
    {
        var line = Json(LogFormat.Ecs, logger =>
        {
            using var scope = logger.BeginScope(new Dictionary<string, object?> { ["OrderId"] = 4711, ["Sku"] = "outer" });
            logger.LogError(new EventId(17, "StockLow"), new InvalidOperationException("No stock."), "Stock of {Sku} is {Stock.Left}", "A7", 2);
        });

        Assert.That(line.GetProperty("log.level").GetString(), Is.EqualTo("Error"));
        Assert.That(line.GetProperty("log.logger").GetString(), Is.EqualTo("Shop.Orders"));
        Assert.That(line.GetProperty("ecs.version").GetString(), Is.EqualTo("8.11.0"));
        Assert.That(line.GetProperty("event.code").GetString(), Is.EqualTo("17"));
        Assert.That(line.GetProperty("service.name").GetString(), Is.EqualTo("shop"));
        Assert.That(line.GetProperty("labels").GetRawText(), Is.EqualTo("""{"Sku":"A7"}"""));
        Assert.That(line.GetProperty("numeric_labels").GetRawText(), Is.EqualTo("""{"Stock_Left":2,"OrderId":4711}"""));
        Assert.That(line.GetProperty("error.message").GetString(), Is.EqualTo("No stock."));
        Assert.That(line.GetProperty("@timestamp").GetDateTime().Kind, Is.EqualTo(DateTimeKind.Utc));
    }

    [TestCase(LogFormat.Json, false)]
    [TestCase(LogFormat.Ecs, false)]
    [TestCase(LogFormat.Text, false)]
    [TestCase(LogFormat.Text, true)]
    public void A_record_is_one_line_whatever_is_in_it(LogFormat format, bool pretty)
    {
        var text = Written(format, logger => logger.LogInformation("Said {What}", "one\ntwo\r\n\u001b[31mred\u0000\u0085"), pretty);

        var lines = text.TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Length.EqualTo(1));
        Assert.That(lines[0], Does.Not.Contain("\r").And.Not.Contain("\u001b").And.Not.Contain("\u0000"));
    }

    [Test]
    public void Values_of_every_kind_are_valid_json_and_none_can_fail()
    {
        object?[] values =
        [
            null, true, (byte)1, (short)-2, 3u, 4UL, -5L, 6.5m, 7.5f, double.NaN, float.NegativeInfinity, 'x', Guid.Empty, DateTime.UnixEpoch, DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1.5),
            LogLevel.Debug, new Uri("http://shop/"), new[] { 1, 2 }, new Dictionary<string, object?> { ["a"] = new[] { "b" } }, new Dictionary<int, string> { [1] = "x" }, new Throwing(), new Endless(), "\ud800", ActivityTraceId.CreateRandom(),
        ];
        var template = string.Join(' ', values.Select((_, i) => $"{{V{i}}}"));

        var line = Json(LogFormat.Json, logger => logger.Log(LogLevel.Information, 0, new List<KeyValuePair<string, object?>>(values.Select((value, i) => KeyValuePair.Create($"V{i}", value))), null, (_, _) => template));

        var attributes = line.GetProperty("attributes");
        Assert.That(attributes.EnumerateObject().Count(), Is.EqualTo(values.Length));
        Assert.That(attributes.GetProperty("V9").GetString(), Is.EqualTo("NaN"));
        Assert.That(attributes.GetProperty("V15").GetString(), Is.EqualTo("00:00:01.5000000"));
        Assert.That(attributes.GetProperty("V16").GetString(), Is.EqualTo("Debug"));
        Assert.That(attributes.GetProperty("V18").GetRawText(), Is.EqualTo("[1,2]"));
        Assert.That(attributes.GetProperty("V19").GetRawText(), Is.EqualTo("""{"a":["b"]}"""));
        Assert.That(attributes.GetProperty("V21").GetString(), Is.EqualTo("[Throwing threw InvalidOperationException]"));
        Assert.That(attributes.GetProperty("V22").GetArrayLength(), Is.EqualTo(101));
    }

    [Test]
    public void People_see_aligned_columns_and_exceptions_below()
    {
        var text = Written(LogFormat.Text, logger => logger.LogError(new InvalidOperationException("No stock."), "Stock of {Sku} is low", "A7"), pretty: true).TrimEnd('\n').Split('\n');

        Assert.That(text[0], Does.Match(@"^\d\d:\d\d:\d\d\.\d{3} ERR Shop\.Orders                Stock of A7 is low$"));
        Assert.That(text[1], Is.EqualTo("             System.InvalidOperationException: No stock."));
    }

    [Test]
    public void People_see_a_value_that_the_message_has_once()
    {
        var text = Written(
            LogFormat.Text,
            logger => logger.Log(
                LogLevel.Information,
                default,
                new KeyValuePair<string, object?>[] { new("event.name", "order_placed"), new("order", 7), new("hidden", 8), new("{OriginalFormat}", "order_placed") },
                null,
                (_, _) => "order_placed order=7"),
            pretty: true);

        Assert.That(text, Does.EndWith(" order_placed order=7 hidden=8\n"));
    }

    [Test]
    public void Text_has_values_and_scopes_behind_the_message()
    {
        var text = Written(LogFormat.Text, logger =>
        {
            using var scope = logger.BeginScope(new Dictionary<string, object?> { ["OrderId"] = 4711 });
            logger.LogError(new EventId(17), "Stock of {Sku} is low", "A 7");
        });

        Assert.That(text, Does.Match("""^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z Error Shop\.Orders\[17\] Stock of A 7 is low Sku="A 7" OrderId=4711\n$"""));
    }

    [Test]
    public void The_scope_of_a_host_that_repeats_the_ids_of_the_span_is_left_out()
    {
        var text = Written(LogFormat.Text, logger =>
        {
            using var ids = logger.BeginScope(new KeyValuePair<string, object?>[] { new("SpanId", "7"), new("TraceId", "8"), new("ParentId", "9") });
            using var others = logger.BeginScope(new KeyValuePair<string, object?>[] { new("SpanId", "of a bridge") });
            logger.LogError("Low");
        });

        Assert.That(text, Does.EndWith(" Low SpanId=\"of a bridge\"\n"));
    }

    private static JsonElement Json(LogFormat format, Action<ILogger> log) => JsonDocument.Parse(Written(format, log)).RootElement;

    private static string Written(LogFormat format, Action<ILogger> log, bool pretty = false)
    {
        using var output = new MemoryStream();
        using (var host = LogHost.Start(builder =>
        {
            builder.Logging.AddFilter((_, category, _) => category!.StartsWith("Shop.", StringComparison.Ordinal));
            builder.AddPepperTelemetry(options => options.ServiceName = "shop").AddLogSink("stream", new StreamLogOptions(output) { Format = format, Pretty = pretty });
        }))
        {
            log(host.Logger);
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }

    private sealed class Throwing
    {
        public override string ToString() => throw new InvalidOperationException("Never.");
    }

    private sealed class Endless : IEnumerable<int>
    {
        public IEnumerator<int> GetEnumerator()
        {
            for (var i = 0; ; i++) yield return i;
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
