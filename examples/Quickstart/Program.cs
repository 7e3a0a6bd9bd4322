using OtelTelemetry.Metrics;

var builder = WebApplication.CreateBuilder(args);
builder.AddPepperTelemetry(); // Metrics, traces and logs; settings: section Telemetry, OTEL_* variables.

var shop = new MetricsCollector("shop");
var orders = shop.CreateCounter("orders", "Orders placed.", "product", "payment_method");
var carts = shop.CreateHistogram("cart_euros", "Value of the carts.", [10, 50, 100], "payment_method");
var payments = shop.CreateSummary("payment_seconds", "How long payments take.");
var inFlight = shop.CreateGauge("checkouts_in_flight", "Checkouts that have begun and not ended.");
var booksByCard = orders.With("book", "card"); // A bound series: an increment costs a few nanoseconds and allocates nothing.

var app = builder.Build();
app.MapPost("/checkout", async () =>
{
    inFlight.Inc();
    using (payments.Time())
    {
        await Task.Delay(20); // Here somebody pays.
    }

    inFlight.Dec();
    carts.Observe(24.50, "card");
    booksByCard.Inc();
    return orders.Get("book", "card"); // The value can be read back.
});

app.MapPepperTelemetry(); // GET /metrics
app.Run();
