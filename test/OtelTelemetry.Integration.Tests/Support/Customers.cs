using System.Net.Http.Json;
using OtelTelemetry.Integration.Tests.Servers;

namespace OtelTelemetry.Integration.Tests.Support;

/// <summary>Requests from outside the shop's process.</summary>
internal static class Customers
{
    public static async Task Buy(StorefrontProcess shop, params (string Product, int Quantity, string PaymentMethod)[] carts)
    {
        foreach (var (product, quantity, paymentMethod) in carts)
        {
            using var response = await shop.Http.PostAsJsonAsync("/checkout", new { product, quantity, paymentMethod });
        }
    }

    public static async Task Get(StorefrontProcess shop, params string[] paths)
    {
        foreach (var path in paths)
        {
            using var response = await shop.Http.GetAsync(new Uri(path, UriKind.Relative));
        }
    }
}
