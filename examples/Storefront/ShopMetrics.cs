using OtelTelemetry.Metrics;

namespace Storefront;

/// <summary>Everything the shop counts, in one place.</summary>
internal sealed class ShopMetrics : IDisposable
{
    private readonly MetricsCollector _metrics = new("storefront");
    private readonly Gauge _checkoutsInFlight;

    public ShopMetrics()
    {
        OrdersPlaced = _metrics.CreateCounter("orders_placed", "Orders placed and paid.", "product", "payment_method");
        CartValue = _metrics.CreateHistogram(new HistogramOptions("cart_value_euros")
        {
            Help = "Value of the carts at checkout.",
            LabelNames = ["payment_method"],
            Buckets = [10, 25, 50, 100, 250, 500, 1000],
        });
        PaymentLatency = _metrics.CreateSummary(new SummaryOptions("payment_latency")
        {
            Help = "How long the payment service took to answer.",
            Unit = "s",
            LabelNames = ["outcome"],
        });
        _checkoutsInFlight = _metrics.CreateGauge("checkouts_in_flight", "Checkouts that have begun and not ended.");
    }

    public Counter OrdersPlaced { get; }

    public Histogram CartValue { get; }

    public Summary PaymentLatency { get; }

    /// <summary>Counts a checkout as in flight until the result is disposed.</summary>
    public IDisposable CheckoutStarted()
    {
        _checkoutsInFlight.Inc();
        return new CheckoutInFlight(_checkoutsInFlight);
    }

    /// <summary>Records what no metric could hold: the order itself. Its labels make no series.</summary>
    public void RecordOrder(Order order, string paymentMethod) => _metrics.RecordEvent(
        "order_placed",
        new Dictionary<string, object?> { ["order_id"] = order.Id, ["total_euros"] = order.Total },
        ("product", order.Product), ("payment_method", paymentMethod));

    public void Dispose() => _metrics.Dispose();

    private sealed class CheckoutInFlight(Gauge gauge) : IDisposable
    {
        public void Dispose() => gauge.Dec();
    }
}
