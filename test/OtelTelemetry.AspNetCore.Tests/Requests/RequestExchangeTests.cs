using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OtelTelemetry.AspNetCore.Requests;

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

    private sealed class Reset : IHttpResetFeature
    {
        public int? Code { get; private set; }

        void IHttpResetFeature.Reset(int errorCode) => Code = errorCode;
    }
}
