using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>The example of a gateway, as a user runs it: two processes, a proxy in front of the shop.</summary>
[TestFixture]
public sealed class GatewayExampleTests
{
    private static readonly (string Method, string Path, int Status, int Times)[] s_requests =
    [
        ("GET", "/", 200, 2), ("GET", "/orders/7?token=secret", 200, 8), ("GET", "/orders/99999", 404, 3), ("POST", "/checkout", 201, 4), ("GET", "/fail", 500, 2), ("GET", "/slow?ms=1", 200, 1),
    ];

    [Test]
    public async Task Every_request_is_a_record_its_answer_is_measured_to_the_byte_and_its_trace_goes_on_in_the_shop()
    {
        await using var receiver = await OtlpReceiver.Start();
        await using var shop = await StorefrontProcess.Start(Otlp(receiver));
        await using var gateway = await GatewayProcess.Start(shop.Address, null, [.. Otlp(receiver), ("Telemetry__Traces__TailSampling__Rate", "1")]);
        List<string> received = [];
        var (receivedBytes, sentBytes) = (0, 0);
        foreach (var (method, path, status, times) in s_requests)
        {
            for (var i = 0; i < times; i++)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), path);
                if (method == "POST") request.Content = new StringContent("""{"product":"lamp","quantity":2}""", null, "application/json");
                using var response = await gateway.Http.SendAsync(request);
                Assert.That((int)response.StatusCode, Is.EqualTo(status), path);
                var bytes = (await response.Content.ReadAsByteArrayAsync()).Length;
                received.Add($"{method} {path.Split('?')[0]} {status} {bytes}");
                receivedBytes += bytes;
                sentBytes += method == "POST" ? 31 : 0;
            }
        }

        Assert.That((await gateway.Get("/health")).Status, Is.EqualTo(HttpStatusCode.OK));
        var records = await gateway.Records(received.Count);
        Assert.That(records.Select(Describe), Is.EquivalentTo(received));
        Assert.That(records.Select(record => (Field(record, "http.response.status_code") is "500" ? "Error" : Field(record, "http.response.status_code") is "404" ? "Warning" : "Information") == record["level"]!.GetValue<string>()), Is.All.True);
        Assert.That(records.Select(record => record["event_name"]!.GetValue<string>()).Distinct(), Is.EqualTo(new[] { "RequestFinished" }));
        Assert.That(gateway.Output.ToString(), Does.Not.Contain("secret"));

        var lines = await gateway.Metrics();
        Assert.That(Sum(lines, "http_server_request_duration_seconds_count"), Is.EqualTo(received.Count));
        Assert.That(Sum(lines, "http_server_response_body_size_bytes_count"), Is.EqualTo(received.Count));
        Assert.That(Sum(lines, "http_server_response_body_size_bytes_sum"), Is.EqualTo(receivedBytes));
        Assert.That(Sum(lines, "http_server_request_body_size_bytes_sum"), Is.EqualTo(sentBytes));

        await AssertTracesGoOn(receiver, records.Select(record => record["trace_id"]!.GetValue<string>()));
    }

    [Test]
    public async Task A_tenth_of_the_traces_is_kept_and_every_one_that_failed()
    {
        const int All = 200;
        await using var receiver = await OtlpReceiver.Start();
        await using var shop = await StorefrontProcess.Start();
        await using var gateway = await GatewayProcess.Start(shop.Address, null, [.. Otlp(receiver), ("Telemetry__Traces__TailSampling__SlowerThan", "1m")]); // A busy machine is slow.
        for (var i = 0; i < All; i++)
        {
            // Spread evenly over what the last seven bytes can be; those that fail are among the ones that are not chosen.
            using var request = new HttpRequestMessage(HttpMethod.Get, i < 5 ? "/fail" : "/orders/7");
            request.Headers.Add("traceparent", $"00-463ac35c9f6413ad48{((ulong)i << 56) / All:x14}-a2fb4a1d1a96d312-01");
            using var response = await gateway.Http.SendAsync(request);
        }

        await gateway.Records(All);
        await gateway.Stop();

        var statuses = (await receiver.Spans()).Where(span => span.IsServer).CountBy(span => span.Attributes["http.response.status_code"]).ToDictionary();
        Assert.That(statuses, Is.EquivalentTo(new Dictionary<string, int> { ["500"] = 5, ["200"] = All / 10 }));
    }

    [Test]
    public async Task In_a_mesh_the_trace_goes_on_by_B3()
    {
        const string TraceId = "463ac35c9f6413ad48485a3953bb6124";
        await using var receiver = await OtlpReceiver.Start();
        await using var shop = await StorefrontProcess.Start([.. Otlp(receiver), ("OTEL_PROPAGATORS", "b3multi")]);
        await using var gateway = await GatewayProcess.Start(shop.Address, "Mesh", [.. Otlp(receiver), ("Telemetry__Traces__TailSampling__Rate", "1")]);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/7");
        request.Headers.Add("X-B3-TraceId", TraceId);
        request.Headers.Add("X-B3-SpanId", "a2fb4a1d1a96d312");
        request.Headers.Add("X-B3-Sampled", "1");
        request.Headers.Add("x-request-id", "8f2c-mesh");

        using var response = await gateway.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await gateway.Records(1)).Single()["trace_id"]!.GetValue<string>(), Is.EqualTo(TraceId));
        var first = (await AssertTracesGoOn(receiver, [TraceId])).Single();
        Assert.That(first.ParentSpanId, Is.EqualTo("a2fb4a1d1a96d312"));
        Assert.That(first.Attributes["http.request.header.x-request-id"], Does.Contain("8f2c-mesh"));
    }

    [Test]
    public async Task A_shop_that_is_away_is_told_by_every_request_and_by_readiness_until_it_is_back()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        await using var gateway = await GatewayProcess.Start(address);

        await WaitUntil(HttpStatusCode.ServiceUnavailable);
        await AssertNobodyAnswers(records: 1);
        await using (var shop = await StorefrontProcess.StartAt(address))
        {
            await WaitUntil(HttpStatusCode.OK);
            Assert.That((await gateway.Get("/orders/7")).Status, Is.EqualTo(HttpStatusCode.OK));
            await shop.Kill();
        }

        await WaitUntil(HttpStatusCode.ServiceUnavailable);
        await AssertNobodyAnswers(records: 3);
        await using var again = await StorefrontProcess.StartAt(address);
        await WaitUntil(HttpStatusCode.OK);
        Assert.That((await gateway.Get("/orders/7")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await gateway.Records(4)).Select(record => record["level"]!.GetValue<string>()), Is.EqualTo(new[] { "Error", "Information", "Error", "Information" }));

        Task WaitUntil(HttpStatusCode status) => Eventually.True($"/ready answers {status}", async () => (await gateway.Get("/ready")).Status == status);

        async Task AssertNobodyAnswers(int records)
        {
            using var response = await gateway.Http.GetAsync(new Uri("/orders/7", UriKind.Relative));
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.BadGateway));
            var bytes = (await response.Content.ReadAsByteArrayAsync()).Length;
            Assert.That((await response.Content.ReadFromJsonAsync<JsonNode>())!["detail"]!.GetValue<string>(), Is.EqualTo("The shop does not answer: Request."));
            var record = (await gateway.Records(records))[^1];
            Assert.That((Describe(record), record["level"]!.GetValue<string>(), Field(record, "error.type")), Is.EqualTo(($"GET /orders/7 502 {bytes}", "Error", "502")));
        }
    }

    /// <summary>Each trace has the gateway's request, its call below, and the shop's request below that. Returns the first ones.</summary>
    private static async Task<List<OtlpSpan>> AssertTracesGoOn(OtlpReceiver receiver, IEnumerable<string> traces)
    {
        var ids = traces.ToList();
        var requests = await Eventually.Get(
            "both services' spans of each request",
            async () => (await receiver.Spans()).Where(span => span.IsServer && span.Name != "POST /payments").ToList(),
            spans => spans.Count >= 2 * ids.Count);
        Assert.That(requests.CountBy(span => span.TraceId), Is.EquivalentTo(ids.Select(id => KeyValuePair.Create(id, 2))));

        var all = (await receiver.Spans()).ToDictionary(span => span.SpanId);
        var first = requests.Where(span => span.Resource["service.name"] == "gateway").ToList();
        foreach (var request in requests.Where(span => span.Resource["service.name"] == "storefront"))
        {
            var call = all[request.ParentSpanId];
            Assert.That((call.Kind, call.Resource["service.name"]), Is.EqualTo(("SPAN_KIND_CLIENT", "gateway")));
            Assert.That(first.Select(span => span.SpanId), Does.Contain(call.ParentSpanId));
        }

        return first;
    }

    private static (string, string)[] Otlp(OtlpReceiver receiver) =>
    [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.HttpEndpoint.ToString()), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("OTEL_BSP_SCHEDULE_DELAY", "100"),
    ];

    private static string Describe(JsonNode record) =>
        $"{Field(record, "http.request.method")} {Field(record, "url.path")} {Field(record, "http.response.status_code")} {Field(record, "http.response.body.size")}";

    private static string? Field(JsonNode record, string name) => record["attributes"]![name]?.ToString();

    private static double Sum(string[] lines, string metric) => lines.Where(line => line.StartsWith(metric + "{", StringComparison.Ordinal)).Sum(ExpositionLine.Value);
}
