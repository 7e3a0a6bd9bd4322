using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OtelTelemetry.AspNetCore.Tests.Support;

namespace OtelTelemetry.AspNetCore.Tests;

/// <summary>The spans of HttpClient are .NET's own: this is what the documentation says of them.</summary>
public class HttpClientSpanTests
{
    [Test]
    public async Task A_call_has_a_span_with_the_attributes_of_the_conventions()
    {
        await using var host = await WebHost.Start(app => app.MapGet("/orders", () => "fine"), _ => { }, null, realServer: true);

        using var response = await host.Client.GetAsync(new Uri("/orders?token=secret", UriKind.Relative));

        var server = (await host.Spans.ServerSpans(1)).Single();
        var span = host.Spans.Spans.Single(span => span.Kind == ActivityKind.Client && span.SpanId == server.ParentSpanId);
        var address = host.Client.BaseAddress!;
        Assert.That(span.DisplayName, Is.EqualTo("GET"));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(span.TagObjects, Is.EquivalentTo(new KeyValuePair<string, object?>[]
        {
            new("http.request.method", "GET"),
            new("url.full", $"http://127.0.0.1:{address.Port}/orders?*"),
            new("server.address", "127.0.0.1"),
            new("server.port", address.Port),
            new("http.response.status_code", 200),
            new("network.protocol.version", "1.1"),
        }));
    }

    [Test]
    public async Task A_4xx_is_an_error_of_the_client()
    {
        await using var host = await WebHost.Start(app => app.MapGet("/", () => Results.StatusCode(409)), _ => { }, null, realServer: true);

        using var response = await host.Client.GetAsync(new Uri("/", UriKind.Relative));

        var server = (await host.Spans.ServerSpans(1)).Single();
        var span = host.Spans.Spans.Single(span => span.Kind == ActivityKind.Client && span.SpanId == server.ParentSpanId);
        Assert.That((span.Status, span.GetTagItem("error.type")), Is.EqualTo((ActivityStatusCode.Error, (object)"409")));
        Assert.That(server.Status, Is.EqualTo(ActivityStatusCode.Unset));
    }
}
