namespace Storefront;

internal sealed record Order(int Id, string Product, int Quantity, decimal Total);

/// <summary>The shop's goods and the orders of the past.</summary>
internal static class Orders
{
    public const int Newest = 1000;

    public static readonly IReadOnlyDictionary<string, decimal> Prices = new Dictionary<string, decimal>
    {
        ["pencil"] = 1.20m,
        ["book"] = 24.50m,
        ["lamp"] = 79.00m,
        ["chair"] = 240.00m,
        ["desk"] = 690.00m,
    };

    public static void MapOrders(this WebApplication app) =>
        app.MapGet("/orders/{id:int}", (int id, ILogger<Order> logger) =>
        {
            if (id is < 1 or > Newest)
            {
                logger.LogWarning("Order {OrderId} was asked for and does not exist", id);
                return Results.NotFound();
            }

            return Results.Ok(Find(id));
        });

    private static Order Find(int id)
    {
        var (product, price) = Prices.ElementAt(id % Prices.Count);
        var quantity = 1 + (id % 3);
        return new Order(id, product, quantity, quantity * price);
    }
}
