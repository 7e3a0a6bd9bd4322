using Gateway;
using OtelTelemetry.Health.Checks.Http;
using Yarp.ReverseProxy.Forwarder;

// Stands in front of the shop: dotnet run --project examples/Storefront starts that beside it, at http://localhost:5080.
// In a service mesh that speaks B3: dotnet run --project examples/Gateway -- --environment Mesh
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
if (builder.Configuration["urls"] is null) builder.WebHost.UseUrls("http://localhost:5070");
var shop = Destination.AddressOf(builder.Configuration);

builder.Logging.ClearProviders(); // What is logged goes to the console by the sink in appsettings.json, one record a request.
builder.AddPepperTelemetry()      // Duration of requests; traces: a tenth of them, and every one that failed or was slow.
    .AddRequestLogging()
    .AddBodySizes()
    .AddHealthCheck("storefront", new HttpHealthCheckOptions { Url = new Uri(shop, "/health"), UnhealthyThreshold = 2 });

builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection(Destination.Section));
builder.Services.AddSingleton<IForwarderHttpClientFactory, TracedClientFactory>();

var app = builder.Build();
app.MapPepperTelemetry(); // The gateway's own GET /metrics, /health, /ready; everything else is the shop's.
app.MapReverseProxy(proxy => proxy.Use(Unreachable.Explain));
app.Lifetime.ApplicationStarted.Register(() => Console.Error.WriteLine($"Gateway is open at {string.Join(", ", app.Urls)}, in front of {shop}"));
app.Run();
