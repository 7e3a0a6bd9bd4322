using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OtelTelemetry.AspNetCore.Requests;
using OtelTelemetry.Processors.Logs.Redact;

namespace OtelTelemetry.AspNetCore.Tests.Requests;

/// <summary>Who ended a request, where the protocol has more than one way to say it.</summary>
public class RequestExchangeTests
{
    [TestCase(0, false, TestName = "HTTP_2_ends_a_stream_without_an_error")]
    [TestCase(0x100, false, TestName = "HTTP_3_ends_a_stream_without_an_error")]
    [TestCase(2, true, TestName = "A_stream_that_is_reset_with_an_error_is_broken_off")]
    public void A_stream_is_ended_by_a_code(int code, bool isAborted)
    {
        var server = new Reset();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResetFeature>(server);
        var exchange = RequestExchange.Enter(context);

        context.Features.Get<IHttpResetFeature>()!.Reset(code);

        Assert.That((server.Code, exchange.IsAborted, exchange.IsCompleted), Is.EqualTo((code, isAborted, !isAborted)));
    }

    [Test]
    public void The_server_gets_its_own_features_back()
    {
        var context = new DefaultHttpContext();
        var body = context.Features.Get<IHttpResponseBodyFeature>();
        var lifetime = new HttpRequestLifetimeFeature();
        context.Features.Set<IHttpRequestLifetimeFeature>(lifetime);

        var exchange = RequestExchange.Enter(context);
        Assert.That(context.Features.Get<IHttpResponseBodyFeature>(), Is.SameAs(exchange));
        Assert.That(context.Features.Get<IHttpResetFeature>(), Is.Null, "What the server cannot do is not offered.");
        exchange.Leave(context);

        Assert.That(context.Features.Get<IHttpResponseBodyFeature>(), Is.SameAs(body));
        Assert.That(context.Features.Get<IHttpRequestLifetimeFeature>(), Is.SameAs(lifetime));
    }

    [Test]
    public void It_costs_an_object_or_two_for_a_request()
    {
        var context = new DefaultHttpContext();
        context.Request.ContentLength = 10;
        Follow();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) Follow();

        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 100, Is.LessThanOrEqualTo(200), "The exchange and the stream.");

        void Follow()
        {
            var exchange = RequestExchange.Enter(context);
            context.Response.Body.WriteByte(1);
            exchange.Leave(context);
        }
    }

    [Test]
    public void The_record_of_a_request_costs_little_more_than_half_a_kilobyte()
    {
        var fields = new RequestRecordFields(new SecretScrubber(new RedactLogsOptions()), query: false, clientAddress: true);
        var context = new DefaultHttpContext();
        (context.Request.Method, context.Request.Path, context.Request.Scheme, context.Request.Host, context.Request.Protocol) = ("GET", "/orders/7", "http", new HostString("shop.example", 80), "HTTP/1.1");
        context.Request.Headers.UserAgent = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        var outcome = new RequestOutcome(200, "/orders/{id}", null, HasThrown: false, IsClientGone: false, TimeSpan.FromMilliseconds(12), 0, 1000);
        _ = fields.Of(context, outcome);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++) _ = fields.Of(context, outcome);

        Assert.That((GC.GetAllocatedBytesForCurrentThread() - before) / 100, Is.LessThanOrEqualTo(600));
    }

    private sealed class Reset : IHttpResetFeature
    {
        public int? Code { get; private set; }

        void IHttpResetFeature.Reset(int errorCode) => Code = errorCode;
    }
}
