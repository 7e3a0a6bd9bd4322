using OtelTelemetry;

namespace Storefront;

/// <summary>What a person should open.</summary>
internal static class Home
{
    private static readonly (string Request, string Shows)[] s_pages =
    [
        ("GET /", "this list"),
        ("GET /orders/7", "an order"),
        ("POST /checkout", "places an order; the payment service is called over HTTP"),
        ("GET /fail", "an exception: status 500"),
        ("GET /slow?ms=300", "an answer that takes its time"),
    ];

    public static void MapHome(this WebApplication app) =>
        app.MapGet("/", (TelemetryOptions telemetry) => new
        {
            Shop = "Storefront",
            Pages = Pages(telemetry).Select(page => new { page.Request, page.Shows }),
        });

    public static void PrintAddresses(WebApplication app)
    {
        var pages = Pages(app.Services.GetRequiredService<TelemetryOptions>()).ToList();
        foreach (var address in app.Urls)
        {
            var visible = ServerAddress.FromThisMachine(address);
            Console.WriteLine($"Storefront is open at {visible}");
            foreach (var (request, shows) in pages)
            {
                var (method, path) = (request.Split(' ')[0], request.Split(' ')[1]);
                var target = path.StartsWith('/') ? visible + path : path;
                Console.WriteLine($"  {(method == "GET" ? target : $"curl -X {method} {target}"),-50} {shows}");
            }
        }
    }

    private static IEnumerable<(string Request, string Shows)> Pages(TelemetryOptions telemetry)
    {
        foreach (var page in s_pages) yield return page;

        if (!telemetry.Enabled || !telemetry.Metrics.Enabled || !telemetry.Prometheus.Enabled) yield break;
        var (path, port) = (telemetry.Prometheus.Path, telemetry.Prometheus.Port);
        yield return (port is null ? $"GET {path}" : $"GET http://localhost:{port}{path}", "the metrics, as Prometheus reads them");
    }
}
