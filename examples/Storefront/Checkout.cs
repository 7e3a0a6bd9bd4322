using System.Diagnostics;

namespace Storefront;

internal sealed record Cart(string Product = "book", int Quantity = 1, string PaymentMethod = "card");

/// <summary>Placing an order: metrics, an event, a span and a log of the shop's own.</summary>
internal static class Checkout
{
    private static readonly ActivitySource s_source = new("Storefront");
    private static int s_lastOrder = Orders.Newest;

    public static void MapCheckout(this WebApplication app) => app.MapPost("/checkout", PlaceOrder);

    private static async Task<IResult> PlaceOrder(
        Cart? cart, PaymentClient payments, ShopMetrics metrics, ILogger<Cart> logger, CancellationToken cancellation)
    {
        cart ??= new Cart();
        if (!Orders.Prices.TryGetValue(cart.Product, out var price) || cart.Quantity is < 1 or > 100)
        {
            return Results.BadRequest($"Products: {string.Join(", ", Orders.Prices.Keys)}; quantities: 1 to 100.");
        }

        using var inFlight = metrics.CheckoutStarted();
        using var span = s_source.StartActivity("place order");
        var order = new Order(Interlocked.Increment(ref s_lastOrder), cart.Product, cart.Quantity, cart.Quantity * price);
        span?.SetTag("shop.order.id", order.Id);

        using var scope = logger.BeginScope("Order {OrderId}", order.Id);
        metrics.CartValue.Observe((double)order.Total, cart.PaymentMethod);

        if (!await payments.PayAsync(order.Total, cancellation))
        {
            span?.SetStatus(ActivityStatusCode.Error, "payment declined");
            logger.LogWarning("Payment of {Amount} EUR by {PaymentMethod} was declined", order.Total, cart.PaymentMethod);
            return Results.StatusCode(StatusCodes.Status402PaymentRequired);
        }

        metrics.OrdersPlaced.Inc(cart.Product, cart.PaymentMethod);
        metrics.RecordOrder(order, cart.PaymentMethod);
        logger.LogInformation("{Quantity} x {Product} sold for {Amount} EUR", order.Quantity, order.Product, order.Total);
        return Results.Created($"/orders/{order.Id}", order);
    }
}
