namespace Gateway;

/// <summary>The service behind the gateway, as the proxy's own section of the configuration names it.</summary>
internal static class Destination
{
    public const string Section = "ReverseProxy";

    private const string AddressSetting = $"{Section}:Clusters:storefront:Destinations:storefront:Address";

    public static Uri AddressOf(IConfiguration configuration) =>
        Uri.TryCreate(configuration[AddressSetting], UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
            ? address
            : throw new InvalidOperationException($"{AddressSetting} is '{configuration[AddressSetting]}'; it must be an address such as http://localhost:5080.");
}
