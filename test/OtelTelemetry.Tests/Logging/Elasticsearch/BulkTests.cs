using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Delivery;
using OtelTelemetry.Logging.Sinks.Elasticsearch;

namespace OtelTelemetry.Tests.Logging.Elasticsearch;

/// <summary>The bodies of bulk requests and what is read out of their answers.</summary>
public class BulkTests
{
    private const string Server = "http://es:9200";

    [Test]
    public void Halves_hold_the_same_operations_in_the_same_order()
    {
        var documents = Gen.Choose(0, 40).Select(length => new string('x', length)).NonEmptyListOf().ToArbitrary();
        Prop.ForAll(documents, ArbMap.Default.ArbFor<bool>(), (texts, zipped) =>
        {
            var item = Item(zipped, [.. texts]);
            if (new BulkSplitter().Halve(item) is not { } halves) return texts.Count == 1;
            return Text(halves.First) + Text(halves.Second) == Text(item)
                && halves.First.Items + halves.Second.Items == texts.Count
                && Operations(halves.First) == halves.First.Items && Operations(halves.Second) == halves.Second.Items
                && halves.First.Items > 0 && halves.Second.Items > 0;
        }).QuickCheckThrowOnFailure();
    }

    [Test]
    public void What_is_no_bulk_body_is_not_split()
    {
        Assert.That(new BulkSplitter().Halve(Item(false, "a", "b") with { Body = "{}\n{}\n{}\n"u8.ToArray() }), Is.Null);
        Assert.That(new BulkSplitter().Halve(Item(false, "a", "b") with { Body = "{}\n{}\n{}\n{}"u8.ToArray() }), Is.Null);
        Assert.That(new BulkSplitter().Halve(Item(false, "a", "b") with { ContentEncoding = "gzip" }), Is.Null);
    }

    [Test]
    public void Without_errors_all_is_delivered() =>
        Assert.That(Read("""{"took":30,"errors":false,"items":[{"create":{"_index":"logs","_id":"1","_version":1,"result":"created","_shards":{"total":2},"_seq_no":0,"status":201}}]}""", "a"), Is.EqualTo(DeliveryOutcome.Delivered()));

    [Test]
    public void A_document_that_is_there_already_is_delivered()
    {
        var outcome = Read("""{"errors":true,"items":[{"create":{"status":409,"error":{"type":"version_conflict_engine_exception","reason":"document already exists"}}},{"create":{"status":201}}]}""", "a", "b");

        Assert.That((outcome.Result, outcome.Rejected, outcome.Refusal), Is.EqualTo((DeliveryResult.Delivered, 0L, ((string, string)?)null)));
    }

    [Test]
    public void What_may_be_taken_later_is_left_and_only_that([Values(408, 429, 500, 502, 503, 504)] int status, [Values] bool zipped)
    {
        var item = Item(zipped, "a", "b", "c", "d");
        var outcome = new BulkAnswers().Read(item, Bytes("""{"errors":true,"items":[{"create":{"status":201}},{"create":{"status":STATUS,"error":{"type":"busy_exception","reason":"later"}}},{"create":{"status":400,"error":{"type":"mapper_parsing_exception","reason":"no number","caused_by":{"reason":"For input string: x"}}}},{"create":{"status":STATUS,"error":{"type":"busy_exception","reason":"later"}}}]}""".Replace("STATUS", status.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)), Server);

        Assert.That((outcome.Result, outcome.Rejected, outcome.IsOutage), Is.EqualTo((DeliveryResult.Failed, 1L, false)));
        Assert.That((Text(outcome.Rest!), outcome.Rest!.Items), Is.EqualTo((Text(Item(false, "b")) + Text(Item(false, "d")), 2L)));
        Assert.That(outcome.Error, Does.Contain("2 of 4").And.Contain($"{status} busy_exception: later"));
        Assert.That(outcome.Refusal!.Value.Problem, Does.Contain("1 of 4").And.Contain("400 mapper_parsing_exception: no number (For input string: x)"));
    }

    [Test]
    public void Where_nothing_is_taken_now_the_whole_request_waits()
    {
        var outcome = Read("""{"errors":true,"items":[{"create":{"status":429,"error":{"type":"busy","reason":"later"}}}]}""", "a");

        Assert.That((outcome.Result, outcome.Rest), Is.EqualTo((DeliveryResult.Failed, (OutboxItem?)null)));
    }

    [Test]
    public void A_cluster_that_takes_nothing_at_the_moment_refuses_nothing_for_ever()
    {
        var outcome = Read("""{"errors":true,"items":[{"create":{"status":403,"error":{"type":"cluster_block_exception","reason":"index read-only / allow delete (api)"}}}]}""", "a");

        Assert.That((outcome.Result, outcome.Rejected), Is.EqualTo((DeliveryResult.Failed, 0L)));
    }

    [TestCase("")]
    [TestCase("{")]
    [TestCase("[]")]
    [TestCase("{}")]
    [TestCase("""{"errors":true}""")]
    [TestCase("""{"errors":true,"items":[]}""")]
    [TestCase("""{"errors":true,"items":[{"create":{"status":201}},{"create":{"status":201}}]}""")]
    public void An_answer_that_makes_no_sense_is_none(string answer)
    {
        var outcome = Read(answer, "a");

        Assert.That((outcome.Result, outcome.Rest, outcome.Rejected), Is.EqualTo((DeliveryResult.Failed, (OutboxItem?)null, 0L)));
    }

    [TestCase("""{"create":{}}""")]
    [TestCase("""{"create":3}""")]
    [TestCase("{}")]
    [TestCase("7")]
    public void Of_an_item_without_a_status_nothing_is_known(string item) =>
        Assert.That(Read($$"""{"errors":true,"items":[{{item}}]}""", "a").Result, Is.EqualTo(DeliveryResult.Failed));

    private static DeliveryOutcome Read(string answer, params string[] documents) => new BulkAnswers().Read(Item(false, documents), Bytes(answer), Server);

    private static OutboxItem Item(bool zipped, params string[] documents)
    {
        var body = Bytes(string.Concat(documents.Select(document => "{\"create\":{\"_id\":\"" + document + "\"}}\n{\"message\":\"" + document + "\"}\n")));
        return new OutboxItem
        {
            Destination = "es", Route = "r", ContentType = "application/x-ndjson", ContentEncoding = zipped ? "gzip" : "", Items = documents.Length, Created = DateTimeOffset.UnixEpoch,
            Body = zipped ? GzipBody.Compress(body) : body,
        };
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(OutboxItem item) => Encoding.UTF8.GetString(item.ContentEncoding == "gzip" ? GzipBody.Decompress(item.Body)! : item.Body.ToArray());

    private static int Operations(OutboxItem item) => BulkBody.Read(item)!.Count;
}
