namespace Storefront;

internal static class ServerAddress
{
    /// <summary>The address to use from this machine for a listening address, which may mean "every interface".</summary>
    public static string FromThisMachine(string listening) => listening
        .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
        .Replace("://[::]", "://localhost", StringComparison.Ordinal)
        .Replace("://+", "://localhost", StringComparison.Ordinal)
        .Replace("://*", "://localhost", StringComparison.Ordinal)
        .TrimEnd('/');
}
