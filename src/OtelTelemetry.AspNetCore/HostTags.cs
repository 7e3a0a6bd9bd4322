using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace OtelTelemetry.AspNetCore;

/// <summary>Sets <c>server.address</c> and <c>server.port</c>. The last host is kept taken apart, since requests mostly name the same one. Thread-safe.</summary>
internal sealed class HostTags
{
    private Parts _last = new("", "", null);

    public void Set(Activity span, HostString host)
    {
        var parts = PartsOf(host);
        span.SetTag("server.address", parts.Address);
        if (parts.Port is not null) span.SetTag("server.port", parts.Port);
    }

    /// <summary>The host without its port.</summary>
    public string AddressOf(HostString host) => PartsOf(host).Address;

    private Parts PartsOf(HostString host)
    {
        var parts = _last;
        if (parts.Text == host.Value) return parts;
        return _last = new Parts(host.Value!, host.Host, host.Port);
    }

    private sealed record Parts(string Text, string Address, object? Port);
}
