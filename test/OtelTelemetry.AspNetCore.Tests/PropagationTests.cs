using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.AspNetCore.Tests.Support;

namespace OtelTelemetry.AspNetCore.Tests;

public class PropagationTests
{
    private const string TraceId = "463ac35c9f6413ad48485a3953bb6124";

    [TestCase("b3", "b3", $"{TraceId}-a2fb4a1d1a96d312-1", true)]
    [TestCase("b3multi,tracecontext", "traceparent", $"00-{TraceId}-a2fb4a1d1a96d312-01", true)]
    [TestCase("b3", "traceparent", $"00-{TraceId}-a2fb4a1d1a96d312-01", false)]
    [TestCase("none", "traceparent", $"00-{TraceId}-a2fb4a1d1a96d312-01", false)]
    [TestCase("tracecontext,baggage", "traceparent", $"00-{TraceId}-a2fb4a1d1a96d312-01", true)]
    [TestCase("b3", "b3", "utter nonsense", false)]
    public async Task A_server_span_continues_the_trace_of_the_chosen_formats(string formats, string header, string value, bool continued)
    {
        await using var host = await WebHost.Start(app => app.MapGet("/", () => "fine"), ("OTEL_PROPAGATORS", formats));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await host.Client.SendAsync(request);

        Assert.That(response.IsSuccessStatusCode, Is.True);
        Assert.That((await host.Spans.ServerSpans(1)).Single().TraceId.ToHexString() == TraceId, Is.EqualTo(continued));
    }

    [TestCase("traceparent", $"cc-{TraceId}-a2fb4a1d1a96d312-01-more", true)]
    [TestCase("traceparent", $"ff-{TraceId}-a2fb4a1d1a96d312-01", false)]
    [TestCase("traceparent", $"00-{TraceId}-a2fb4a1d1a96d312-01-more", false)]
    [TestCase("traceparent", "00-0-0-01", false)]
    public async Task By_default_the_rules_of_the_specification_hold_also_where_the_runtime_has_others(string header, string value, bool continued)
    {
        await using var host = await WebHost.Start(app => app.MapGet("/", () => "fine"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await host.Client.SendAsync(request);

        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That(span.TraceId.ToHexString() == TraceId, Is.EqualTo(continued));
        Assert.That(span.ParentSpanId != default, Is.EqualTo(continued));
    }

    [Test]
    public async Task Several_headers_of_state_and_baggage_are_read_together_and_several_parents_not_at_all()
    {
        await using var host = await WebHost.Start(app => app.MapGet("/", () => string.Join('|', Activity.Current!.Baggage.Select(item => item.Key + item.Value))));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("traceparent", $"00-{TraceId}-a2fb4a1d1a96d312-01");
        request.Headers.TryAddWithoutValidation("tracestate", ["a=1", "b=2"]);
        request.Headers.TryAddWithoutValidation("baggage", ["user=u;p=1", "tenant=t"]);
        using var response = await host.Client.SendAsync(request);
        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo("useru|tenantt"));
        Assert.That((await host.Spans.ServerSpans(1))[0].TraceStateString, Is.EqualTo("a=1,b=2"));

        using var twice = new HttpRequestMessage(HttpMethod.Get, "/");
        twice.Headers.TryAddWithoutValidation("traceparent", [$"00-{TraceId}-a2fb4a1d1a96d312-01", $"00-{TraceId}-a2fb4a1d1a96d313-01"]);
        using var other = await host.Client.SendAsync(twice);
        Assert.That((await host.Spans.ServerSpans(2))[1].ParentSpanId, Is.EqualTo(default(ActivitySpanId)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task The_request_id_of_a_mesh_is_on_the_span_and_goes_on_with_calls_if_wanted(bool wanted)
    {
        await using var host = await WebHost.Start(
            app =>
            {
                app.MapGet("/", async (HttpContext context) =>
                {
                    using var http = new HttpClient();
                    return await http.GetStringAsync(new Uri($"http://{context.Request.Host}/next"));
                });
                app.MapGet("/next", (HttpContext context) => context.Request.Headers["x-request-id"].ToString());
            },
            _ => { },
            null,
            realServer: true,
            ("Telemetry:Traces:ForwardRequestId", wanted.ToString()));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("x-request-id", "8f1c-42");

        using var response = await host.Client.SendAsync(request);

        Assert.That(await response.Content.ReadAsStringAsync(), Is.EqualTo(wanted ? "8f1c-42" : ""));
        Assert.That((await host.Spans.ServerSpans(2)).Select(span => span.GetTagItem("http.request.header.x-request-id")), Is.All.EqualTo(wanted ? new[] { "8f1c-42" } : null));
    }

    [Test]
    public async Task A_propagator_the_application_chose_stays()
    {
        var chosen = DistributedContextPropagator.CreateNoOutputPropagator();
        await using var host = await WebHost.Start(_ => { }, builder => builder.Services.AddSingleton(chosen), null, realServer: false);

        Assert.That(host.Services.GetRequiredService<DistributedContextPropagator>(), Is.SameAs(chosen));
    }
}
