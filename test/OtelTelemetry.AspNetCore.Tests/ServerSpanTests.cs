using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OtelTelemetry.AspNetCore.Tests.Support;

namespace OtelTelemetry.AspNetCore.Tests;

public class ServerSpanTests
{
    private static readonly ActivitySource s_source = new("Tests.Application");

    [Test]
    public async Task A_request_has_name_route_and_every_attribute_of_the_conventions()
    {
        await using var host = await WebHost.Start(app => app.MapGet("/orders/{id:int}", (int id) => $"order {id}"), _ => { }, null, realServer: true);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/orders/7?token=secret");
        request.Headers.UserAgent.ParseAdd("tests/1.0");

        using var response = await host.Client.SendAsync(request);

        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That(span.DisplayName, Is.EqualTo("GET /orders/{id:int}"));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
        Assert.That(span.TagObjects, Is.EquivalentTo(new KeyValuePair<string, object?>[]
        {
            new("http.request.method", "GET"),
            new("http.route", "/orders/{id:int}"),
            new("url.scheme", "http"),
            new("url.path", "/orders/7"),
            new("server.address", "127.0.0.1"),
            new("server.port", host.Client.BaseAddress!.Port),
            new("network.protocol.version", "1.1"),
            new("user_agent.original", "tests/1.0"),
            new("http.response.status_code", 200),
        }));
    }

    [Test]
    public async Task A_path_that_matches_nothing_is_named_by_its_method()
    {
        await using var host = await WebHost.Start(_ => { });

        await host.Client.GetAsync(new Uri("/nothing/here", UriKind.Relative));

        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That(span.DisplayName, Is.EqualTo("GET"));
        Assert.That(span.GetTagItem("http.route"), Is.Null);
        Assert.That(span.GetTagItem("http.response.status_code"), Is.EqualTo(404));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset), "A client's error is not the server's.");
        Assert.That(span.GetTagItem("error.type"), Is.Null);
    }

    [Test]
    public async Task An_unknown_method_makes_no_name_of_its_own()
    {
        await using var host = await WebHost.Start(app => app.Map("/", () => "fine"));
        using var request = new HttpRequestMessage(new HttpMethod("BREW"), "/");

        await host.Client.SendAsync(request);

        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That(span.DisplayName, Is.EqualTo("HTTP /"));
        Assert.That(span.GetTagItem("http.request.method"), Is.EqualTo("_OTHER"));
        Assert.That(span.GetTagItem("http.request.method_original"), Is.EqualTo("BREW"));
    }

    [Test]
    public async Task A_500_is_an_error_with_the_status_as_its_type()
    {
        await using var host = await WebHost.Start(app => app.MapGet("/fail", () => Results.StatusCode(503)));

        await host.Client.GetAsync(new Uri("/fail", UriKind.Relative));

        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("503"));
        Assert.That(span.GetTagItem("http.response.status_code"), Is.EqualTo(503));
    }

    [Test]
    public async Task An_exception_that_a_handler_turned_into_a_500_keeps_the_request_s_route()
    {
        await using var host = await WebHost.Start(app =>
        {
            app.UseExceptionHandler(handler => handler.Run(context => context.Response.WriteAsync("sorry")));
            app.MapGet("/boom/{id}", string (string id) => throw new InvalidOperationException(id));
        });

        using var response = await host.Client.GetAsync(new Uri("/boom/1", UriKind.Relative));

        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        Assert.That(span.DisplayName, Is.EqualTo("GET /boom/{id}"));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("System.InvalidOperationException"));
        Assert.That(span.GetTagItem("http.response.status_code"), Is.EqualTo(500));
    }

    [Test]
    public async Task An_exception_nobody_handled_is_an_error_with_its_type()
    {
        await using var host = await WebHost.Start(
            app => app.MapGet("/boom", string () => throw new InvalidOperationException("boom")), _ => { }, null, realServer: true);

        using var response = await host.Client.GetAsync(new Uri("/boom", UriKind.Relative));

        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That(span.DisplayName, Is.EqualTo("GET /boom"));
        Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Error));
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("System.InvalidOperationException"));
        Assert.That(span.GetTagItem("http.response.status_code"), Is.EqualTo(500));
    }

    [Test]
    public async Task What_the_application_said_of_its_error_stays()
    {
        await using var host = await WebHost.Start(app => app.MapGet("/fail", () =>
        {
            Activity.Current!.SetTag("error.type", "out_of_stock").SetStatus(ActivityStatusCode.Error, "No books left");
            return Results.StatusCode(500);
        }));

        await host.Client.GetAsync(new Uri("/fail", UriKind.Relative));

        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That(span.GetTagItem("error.type"), Is.EqualTo("out_of_stock"));
        Assert.That(span.StatusDescription, Is.EqualTo("No books left"));
    }

    [TestCase("/health")]
    [TestCase("/HEALTH/live")]
    [TestCase("/metrics")]
    public async Task Excluded_paths_are_not_recorded_nor_is_what_happens_below_them(string path)
    {
        await using var host = await WebHost.Start(app =>
        {
            app.MapGet("/health/{**rest}", Work);
            app.MapGet("/healthy", Work);
            app.MapPepperTelemetry();
        });

        await host.Client.GetAsync(new Uri(path, UriKind.Relative));
        await host.Client.GetAsync(new Uri("/healthy", UriKind.Relative));

        var span = (await host.Spans.ServerSpans(1)).Single();
        Assert.That(span.DisplayName, Is.EqualTo("GET /healthy"), "Only a whole part of a path counts.");
        Assert.That(host.Spans.Spans.Where(recorded => recorded.Kind != ActivityKind.Server).Select(recorded => recorded.TraceId), Is.EqualTo(new[] { span.TraceId }));

        static string Work()
        {
            using var work = s_source.StartActivity("work");
            return "done";
        }
    }

    [Test]
    public async Task An_excluded_path_is_not_recorded_though_the_caller_records()
    {
        await using var host = await WebHost.Start(app => app.MapGet("/{**any}", () => "fine"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/ready");
        request.Headers.Add("traceparent", "00-463ac35c9f6413ad48485a3953bb6124-a2fb4a1d1a96d312-01");

        await host.Client.SendAsync(request);
        await host.Client.GetAsync(new Uri("/other", UriKind.Relative));

        Assert.That((await host.Spans.ServerSpans(1)).Single().GetTagItem("url.path"), Is.EqualTo("/other"));
    }

    [Test]
    public async Task Two_hosts_in_one_process_complete_their_own_spans_only()
    {
        await using var first = await WebHost.Start(app => app.MapGet("/{**any}", () => "fine"), ("Telemetry:Traces:ExcludedPaths:0", "/first"));
        await using var second = await WebHost.Start(app => app.MapGet("/{**any}", () => "fine"), ("Telemetry:Traces:ExcludedPaths:0", "/second"));

        await second.Client.GetAsync(new Uri("/first", UriKind.Relative));

        Assert.That((await second.Spans.ServerSpans(1)).Single().GetTagItem("url.path"), Is.EqualTo("/first"));
    }
}
