using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OtelTelemetry.AspNetCore.Tests.Support;
using OtelTelemetry.Tracing.Propagation;

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

    [Test]
    public async Task The_default_replaces_nothing()
    {
        var before = DistributedContextPropagator.Current;
        await using var host = await WebHost.Start(_ => { });

        Assert.That(host.Services.GetRequiredService<DistributedContextPropagator>(), Is.SameAs(before).And.Not.TypeOf<CompositeContextPropagator>());
        Assert.That(DistributedContextPropagator.Current, Is.SameAs(before));
    }
}
