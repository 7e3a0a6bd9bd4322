using System.Diagnostics;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway;

/// <summary>
/// Makes the proxy's clients write the trace context in the formats that <c>Telemetry:Propagators</c> names. The proxy makes them before the application starts, when the process does not know
/// these formats yet; the container does.
/// </summary>
internal sealed class TracedClientFactory(DistributedContextPropagator propagator, ILogger<ForwarderHttpClientFactory> logger) : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);

        // Takes the caller's headers out before it writes those of the call.
        handler.ActivityHeadersPropagator = new ReverseProxyPropagator(propagator);
    }
}
