using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>Three processes that call each other over HTTP leave one trace at the receiver, whatever formats neighbours have in common.</summary>
public sealed class ChainTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string SpanId = "b7ad6b7169203331";

    private const string W3C = "traceparent";
    private const string B3 = "b3";

    [TestCase("tracecontext,baggage", "tracecontext,baggage", "tracecontext,baggage", W3C)]
    [TestCase("b3", "b3", "b3", B3)]
    [TestCase("b3multi", "b3multi", "b3multi", null)]
    [TestCase("tracecontext,b3", "b3multi,b3", "b3multi,baggage", W3C)]
    [TestCase("b3,b3multi", "tracecontext,b3multi", "b3,tracecontext", B3)]
    public async Task Three_services_give_one_trace(string first, string second, string third, string? comesWith)
    {
        await using var receiver = await OtlpReceiver.Start();
        await using var c = await ChainService.Start("c", third, receiver, null);
        await using var b = await ChainService.Start("b", second, receiver, c);
        await using var a = await ChainService.Start("a", first, receiver, b);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(a.Address, "/work"));
        if (comesWith == W3C) request.Headers.TryAddWithoutValidation(W3C, $"00-{TraceId}-{SpanId}-01");
        if (comesWith == B3) request.Headers.TryAddWithoutValidation(B3, $"{TraceId}-{SpanId}-1");

        using var response = await http.SendAsync(request);

        Assert.That(response.IsSuccessStatusCode, Is.True);
        var spans = await Eventually.Get("the spans of the three services", receiver.Spans, all => all.Count >= 5);
        Assert.That(spans, Has.Count.EqualTo(5), string.Join('\n', spans));
        var trace = spans.Select(span => span.TraceId).Distinct().Single();
        if (comesWith is not null) Assert.That(trace, Is.EqualTo(TraceId));
        var parent = comesWith is null ? "" : SpanId;
        foreach (var (service, kind) in new[] { ("a", "SERVER"), ("a", "CLIENT"), ("b", "SERVER"), ("b", "CLIENT"), ("c", "SERVER") })
        {
            var span = spans.Single(one => one.Resource["service.name"] == service && one.Kind == "SPAN_KIND_" + kind);
            Assert.That(span.ParentSpanId, Is.EqualTo(parent), $"{service} {kind}");
            parent = span.SpanId;
        }
    }

    [Test]
    public async Task Baggage_goes_through_the_whole_chain()
    {
        await using var receiver = await OtlpReceiver.Start();
        await using var c = await ChainService.Start("c", "b3,baggage", receiver, null);
        await using var b = await ChainService.Start("b", "b3,baggage", receiver, c);
        await using var a = await ChainService.Start("a", "b3,baggage", receiver, b);
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(a.Address, "/work"));
        request.Headers.TryAddWithoutValidation("baggage", "tenant=a%20b,user=u");

        using var response = await http.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("tenant=a b,user=u"));
    }
}
