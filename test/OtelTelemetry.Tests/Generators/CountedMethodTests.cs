using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Generators;

public class CountedMethodTests
{
    [Test]
    public async Task Calls_are_counted_and_timed_by_their_labels_and_their_error()
    {
        Assert.That(await MeasuredShop.OrderAsync(OrderKind.ExpressParcel, isFar: true, floor: -3, city: null, amount: 5), Is.EqualTo(5));
        await MeasuredShop.OrderAsync(OrderKind.ExpressParcel, isFar: true, floor: -3, city: "", amount: 5);
        await MeasuredShop.OrderAsync((OrderKind)77, isFar: false, floor: 0, city: "Rome", amount: 5);
        Assert.That(
            async () => await MeasuredShop.OrderAsync(OrderKind.Gift, isFar: false, floor: 0, city: "Rome", amount: -1),
            Throws.TypeOf<ArgumentOutOfRangeException>());

        var orders = (Counter)Find("measured_shop_orders_total");
        Assert.That(orders.Help, Is.EqualTo("Orders."));
        Assert.That(orders.LabelNames, Is.EqualTo(new[] { "kind", "far", "floor", "city", "error_type" }));
        Assert.That(orders.Get("express_parcel", "true", "-3", "", ""), Is.EqualTo(2));
        Assert.That(orders.Get("77", "false", "0", "Rome", ""), Is.EqualTo(1));
        Assert.That(orders.Get("gift!", "false", "0", "Rome", "System.ArgumentOutOfRangeException"), Is.EqualTo(1));
        var seconds = (Histogram)Find("measured_shop_order_seconds");
        Assert.That(seconds.Unit, Is.EqualTo("s"));
        Assert.That(seconds.Buckets, Is.EqualTo(new[] { 0.5, 1.5 }));
        Assert.That(seconds.Get("express_parcel", "true", "-3", "", "")?.Count, Is.EqualTo(2));
    }

    [Test]
    public void Without_labels_there_is_the_error_only()
    {
        MeasuredShop.Call(fails: false);
        Assert.That(() => MeasuredShop.Call(fails: true), Throws.TypeOf<TimeoutException>());

        var calls = (Counter)Find("measured_shop_calls_total");
        Assert.That(calls.Get(""), Is.GreaterThanOrEqualTo(1));
        Assert.That(calls.Get("System.TimeoutException"), Is.GreaterThanOrEqualTo(1));
    }

    [Test]
    public void A_name_that_another_metric_has_is_reported_and_the_method_still_works() =>
        Assert.That(() => MeasuredShop.NameOfAnother(), Throws.Nothing);

    [Test]
    public void Counting_allocates_nothing()
    {
        for (var i = 0; i < 100; i++) MeasuredShop.Call(fails: false);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) MeasuredShop.Call(fails: false);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static MetricInstrument Find(string name) =>
        MetricsRegistry.Default.Metrics.Single(metric => metric.Name == name);
}
