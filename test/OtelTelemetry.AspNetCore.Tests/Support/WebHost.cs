using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace OtelTelemetry.AspNetCore.Tests.Support;

/// <summary>A small web application with telemetry, in this process.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebHost(WebApplication app, HttpClient client, SpanCollector spans)
    {
        _app = app;
        Client = client;
        Spans = spans;
    }

    public HttpClient Client { get; }

    public SpanCollector Spans { get; }

    public IServiceProvider Services => _app.Services;

    public static Task<WebHost> Start(Action<WebApplication> map, params (string Key, string Value)[] settings) =>
        Start(map, _ => { }, null, realServer: false, settings);

    public static async Task<WebHost> Start(
        Action<WebApplication> map, Action<WebApplicationBuilder> build, Action<TelemetryOptions>? configure, bool realServer, params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        if (realServer) builder.WebHost.UseUrls("http://127.0.0.1:0");
        else builder.WebHost.UseTestServer();
        var spans = new SpanCollector();
        builder.AddPepperTelemetry(configure).WithTracing(traces => traces.AddProcessor(spans).AddSource("Tests.Application"));
        build(builder);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new WebHost(app, realServer ? RealClient(app) : app.GetTestClient(), spans);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static HttpClient RealClient(WebApplication app) => new()
    {
        BaseAddress = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()),
    };
}
