namespace OtelTelemetry.Exporters.Http;

/// <summary>Addresses that exporters send to.</summary>
internal static class HttpEndpoints
{
    /// <summary>What is wrong with an address, or null.</summary>
    public static (string Problem, string Remedy)? Check(Uri? endpoint, string example)
    {
        var remedy = $"Allowed: an http or https address such as {example}";
        if (endpoint is null || !endpoint.IsAbsoluteUri) return ("it is not a complete address", remedy);
        if (endpoint.Scheme is not ("http" or "https")) return ($"'{endpoint.Scheme}' is not a scheme the exporter speaks", remedy);
        if (endpoint.UserInfo.Length > 0) return ("there is a user in the address (hidden)", "Write Username and Password as settings of their own");
        return null;
    }

    /// <summary>An address for people: without a query, which may hold a key.</summary>
    public static string Show(Uri endpoint) => endpoint.GetLeftPart(UriPartial.Path);
}
