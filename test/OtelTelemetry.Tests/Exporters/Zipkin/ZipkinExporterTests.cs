using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Exporters.Zipkin;
using OtelTelemetry.Metrics;
using OtelTelemetry.Tests.Otlp;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Zipkin;

public class ZipkinExporterTests
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string ParentId = "b7ad6b7169203331";
    private static readonly DateTime s_start = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);

    private RecordingBackend _backend = null!;
    private ActivitySource _source = null!;

    [SetUp]
    public void Start()
    {
        _backend = new RecordingBackend();
        _source = new ActivitySource($"zipkin.{Guid.NewGuid():N}", "1.2");
    }

    [TearDown]
    public void End()
    {
        _source.Dispose();
        _backend.Dispose();
    }

    [Test]
    public void A_span_has_the_documented_shape()
    {
        var span = Send(ActivityKind.Client, activity =>
        {
            activity.DisplayName = "GET /orders";
            activity.SetTag("http.request.method", "GET");
            activity.SetTag("server.address", "orders.example");
            activity.SetTag("server.port", 8443);
            activity.SetTag("retry", true);
            activity.SetTag("ratio", 0.5);
            activity.SetTag("ids", new[] { 1, 2 });
            activity.AddEvent(new ActivityEvent("connected", s_start.AddMilliseconds(1)));
            activity.AddEvent(new ActivityEvent("exception", s_start.AddMilliseconds(2), new ActivityTagsCollection { ["type"] = "Timeout", ["attempt"] = 3, ["final"] = false }));
            activity.SetEndTime(s_start.AddTicks(123_456));
        });
        Assert.That(span.ToJsonString(), Is.EqualTo(JsonNode.Parse($$"""
            {
              "traceId": "{{TraceId}}", "id": "{{span["id"]}}", "parentId": "{{ParentId}}", "name": "GET /orders", "kind": "CLIENT",
              "timestamp": 1767323045678000, "duration": 12345,
              "localEndpoint": { "serviceName": "shop", "ipv4": "10.0.0.7", "port": 8080 },
              "remoteEndpoint": { "serviceName": "orders.example", "port": 8443 },
              "annotations": [
                { "timestamp": 1767323045679000, "value": "connected" },
                { "timestamp": 1767323045680000, "value": "\u0022exception\u0022:{\u0022type\u0022:\u0022Timeout\u0022,\u0022attempt\u0022:3,\u0022final\u0022:false}" } ],
              "tags": {
                "http.request.method": "GET", "server.address": "orders.example", "server.port": "8443", "retry": "true", "ratio": "0.5", "ids": "[1,2]",
                "otel.scope.name": "{{_source.Name}}", "otel.scope.version": "1.2" }
            }
            """)!.ToJsonString()));
        Assert.That(span["id"]!.GetValue<string>(), Does.Match("^[0-9a-f]{16}$"));
        var request = _backend.Requests.Single();
        Assert.That((request.Method, request.Address.AbsoluteUri), Is.EqualTo(("POST", "http://localhost:9411/api/v2/spans")));
        Assert.That(request.ContentHeaders!.ContentType!.ToString(), Is.EqualTo("application/json"));
    }

    [TestCase(ActivityKind.Server, "SERVER")]
    [TestCase(ActivityKind.Client, "CLIENT")]
    [TestCase(ActivityKind.Producer, "PRODUCER")]
    [TestCase(ActivityKind.Consumer, "CONSUMER")]
    [TestCase(ActivityKind.Internal, null)]
    public void Kinds_are_Zipkin_s_and_an_internal_one_has_none(ActivityKind kind, string? expected) =>
        Assert.That(Send(kind, _ => { })["kind"]?.GetValue<string>(), Is.EqualTo(expected));

    [Test]
    public void A_failed_span_has_the_error_tag_and_its_words()
    {
        var tags = Send(ActivityKind.Internal, activity => activity.SetStatus(ActivityStatusCode.Error, "card declined").SetTag("error", "false"))["tags"]!;
        Assert.That((tags["otel.status_code"]!.GetValue<string>(), tags["error"]!.GetValue<string>()), Is.EqualTo(("ERROR", "card declined")));
    }

    [Test]
    public void One_that_did_not_fail_has_none_whatever_its_attributes_are()
    {
        var tags = Send(ActivityKind.Internal, activity => activity.SetStatus(ActivityStatusCode.Ok).SetTag("error", "false"))["tags"]!;
        Assert.That(tags["otel.status_code"]!.GetValue<string>(), Is.EqualTo("OK"));
        Assert.That(tags.AsObject().ContainsKey("error"), Is.False);
    }

    [TestCase("peer.service=db;server.address=x", """{"serviceName":"db"}""")]
    [TestCase("server.address=x;net.peer.name=y", """{"serviceName":"x"}""")]
    [TestCase("net.peer.name=y;net.peer.port=1;network.peer.address=1.2.3.4", """{"serviceName":"y","port":1}""")]
    [TestCase("network.peer.address=1.2.3.4;network.peer.port=5678;server.socket.domain=z", """{"ipv4":"1.2.3.4","port":5678}""")]
    [TestCase("network.peer.address=fd00::7", """{"ipv6":"fd00::7"}""")]
    [TestCase("network.peer.address=::ffff:1.2.3.4;network.peer.port=70000", """{"ipv4":"1.2.3.4"}""")]
    [TestCase("server.socket.domain=z;server.socket.address=1.2.3.4", """{"serviceName":"z"}""")]
    [TestCase("net.sock.peer.name=s;peer.hostname=h", """{"serviceName":"s"}""")]
    [TestCase("net.sock.peer.addr=1.2.3.4;net.sock.peer.port=9;peer.hostname=h", """{"ipv4":"1.2.3.4","port":9}""")]
    [TestCase("peer.hostname=h;peer.address=a", """{"serviceName":"h"}""")]
    [TestCase("peer.address=a;db.name=d", """{"serviceName":"a"}""")]
    [TestCase("db.name=d", """{"serviceName":"d"}""")]
    [TestCase("http.route=/", null)]
    public void The_other_side_is_the_first_attribute_there_is(string attributes, string? expected)
    {
        void Set(Activity activity)
        {
            foreach (var pair in attributes.Split(';')) activity.SetTag(pair.Split('=')[0], pair.Split('=')[1]);
        }

        Assert.That(Send(ActivityKind.Producer, Set)["remoteEndpoint"]?.ToJsonString(), Is.EqualTo(expected));
        Assert.That(Send(ActivityKind.Server, Set)["remoteEndpoint"], Is.Null);
    }

    [TestCase("0000000000000000a3ce929d0e0e4736", false, "a3ce929d0e0e4736")]
    [TestCase(TraceId, false, TraceId)]
    [TestCase(TraceId, true, "8448eb211c80319c")]
    public void Trace_ids_have_the_length_they_came_with(string traceId, bool isShort, string expected) =>
        Assert.That(Send(ActivityKind.Server, _ => { }, new ZipkinOptions { ShortTraceIds = isShort }, traceId)["traceId"]!.GetValue<string>(), Is.EqualTo(expected));

    [Test]
    public void A_root_has_no_parent_and_the_shortest_span_takes_a_microsecond()
    {
        var span = Send(ActivityKind.Internal, activity => activity.SetEndTime(activity.StartTimeUtc.AddTicks(1)), isRoot: true);
        Assert.That(span.AsObject().ContainsKey("parentId"), Is.False);
        Assert.That(span["duration"]!.GetValue<int>(), Is.EqualTo(1));
    }

    [Test]
    public void Requests_keep_their_bound_and_what_is_too_large_is_counted()
    {
        var before = TelemetryLosses.Counted("traces", "zipkin", "too_large");
        SendMany(new ZipkinOptions { MaxRequestBytes = 1500 }, 20, (activity, i) =>
        {
            activity.DisplayName = $"span {i}";
            if (i == 5) activity.SetTag("large", new string('x', 2000));
        });
        Assert.That(_backend.Requests.Select(request => request.Body.Length), Is.All.InRange(1, 1500));
        var names = _backend.Requests.SelectMany(request => JsonNode.Parse(request.Text)!.AsArray()).Select(span => span!["name"]!.GetValue<string>());
        Assert.That(names, Is.EqualTo(Enumerable.Range(0, 20).Where(i => i != 5).Select(i => $"span {i}")));
        Assert.That(TelemetryLosses.Counted("traces", "zipkin", "too_large") - before, Is.EqualTo(1));
    }

    [Test]
    public void Spans_that_nobody_takes_are_counted_and_headers_are_not_told()
    {
        var errors = new List<TelemetryError>();
        void Hear(TelemetryError error)
        {
            if (error.Component == "zipkin") errors.Add(error);
        }

        _backend.Answer = request => request.Header("X-Key") == "key-value" ? throw new HttpRequestException("refused key-value") : new HttpResponseMessage(HttpStatusCode.OK);
        var before = TelemetryLosses.Counted("traces", "zipkin", "export_failed");
        TelemetryErrors.Reported += Hear;
        try
        {
            SendMany(new ZipkinOptions { Headers = { ["X-Key"] = "key-value" } }, 3, (_, _) => { });
        }
        finally
        {
            TelemetryErrors.Reported -= Hear;
        }

        Assert.That(TelemetryLosses.Counted("traces", "zipkin", "export_failed") - before, Is.EqualTo(3));
        Assert.That(errors.Single().Problem, Is.EqualTo("3 spans could not be sent to Zipkin at http://localhost:9411/api/v2/spans, and are lost (refused (hidden))"));
    }

    [Test]
    public async Task A_program_s_spans_arrive()
    {
        using var receiver = new LoopbackReceiver();
        await using (var telemetry = await TelemetryManager.StartAsync(options =>
        {
            options.ServiceName = "shop";
            options.Prometheus.Enabled = false;
            options.Traces.Sources.Add(_source.Name);
            options.Zipkin.Endpoint = new Uri(receiver.Address, "/api/v2/spans");
        }))
        {
            using (_source.StartActivity("checkout", ActivityKind.Server)) { }
            Assert.That(await telemetry.FlushAsync(), Is.True);
        }

        var delivery = receiver.Deliveries.Single();
        Assert.That(delivery.Path, Is.EqualTo("/api/v2/spans"));
        var span = JsonNode.Parse(delivery.Body)!.AsArray().Single()!;
        Assert.That((span["name"]!.GetValue<string>(), span["kind"]!.GetValue<string>(), span["localEndpoint"]!["serviceName"]!.GetValue<string>()), Is.EqualTo(("checkout", "SERVER", "shop")));
    }

    private JsonNode Send(ActivityKind kind, Action<Activity> change, ZipkinOptions? options = null, string traceId = TraceId, bool isRoot = false)
    {
        SendMany(options ?? new ZipkinOptions(), 1, (activity, _) => change(activity), kind, traceId, isRoot);
        return JsonNode.Parse(_backend.Requests[^1].Text)!.AsArray().Single()!;
    }

    private void SendMany(ZipkinOptions options, int count, Action<Activity, int> change, ActivityKind kind = ActivityKind.Internal, string traceId = TraceId, bool isRoot = false)
    {
        options.LocalEndpoint.IpAddress = "10.0.0.7";
        options.LocalEndpoint.Port = 8080;
        var registry = new MetricsRegistry();
        var exporter = new ZipkinExporter(options, _backend.CreateClient(), new PipelineObserver(registry, [registry], TimeProvider.System));
        using var provider = Sdk.CreateTracerProviderBuilder().AddSource(_source.Name).SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("shop"))
            .AddProcessor(new BatchActivityExportProcessor(exporter)).Build();
        var parent = isRoot ? default : new ActivityContext(ActivityTraceId.CreateFromString(traceId), ActivitySpanId.CreateFromString(ParentId), ActivityTraceFlags.Recorded, isRemote: true);
        for (var i = 0; i < count; i++)
        {
            using var activity = _source.StartActivity("work", kind, parent, startTime: s_start)!;
            change(activity, i);
        }

        provider.ForceFlush();
    }
}
