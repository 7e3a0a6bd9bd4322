using System.Text;
using OtelTelemetry.Exporters.Http;

namespace OtelTelemetry.Logging.Sinks.Elasticsearch;

/// <summary>Who the sink says it is: headers for each request. None of it is ever shown.</summary>
internal static class ElasticsearchCredentials
{
    /// <summary>The headers of every request.</summary>
    public static IReadOnlyList<KeyValuePair<string, string[]>> HeadersOf(ElasticsearchLogOptions options)
    {
        using var request = new HttpRequestMessage();
        new HttpCredentials(options.Username, options.Password, options.BearerToken, options.Headers).Apply(request);
        if (options.ApiKey is { } key) request.Headers.TryAddWithoutValidation("Authorization", "ApiKey " + Encoded(key));
        return [.. request.Headers.NonValidated.Select(header => KeyValuePair.Create(header.Key, header.Value.ToArray()))];
    }

    /// <summary>What is wrong with such settings. Never a secret.</summary>
    public static IEnumerable<(string Property, string Problem, string Remedy)> Check(ElasticsearchLogOptions options)
    {
        foreach (var error in HttpCredentials.Check(options.Username, options.Password, options.BearerToken, options.Headers)) yield return error;
        if (options.ApiKey is not { } key) yield break;
        if (options.Username is not null || options.BearerToken is not null) yield return ("ApiKey", "there are a key and another way to say who this is", "Allowed: ApiKey, or Username and Password, or BearerToken");
        if (key.Length == 0 || key.Any(c => c is <= ' ' or > '~')) yield return ("ApiKey", "the key (hidden) is empty or has characters that no key has", "Allowed: the encoded key as the server gave it out, or id:key");
    }

    /// <summary>Base64 has no colon: with one it is not encoded yet.</summary>
    private static string Encoded(string key) => key.Contains(':', StringComparison.Ordinal) ? Convert.ToBase64String(Encoding.UTF8.GetBytes(key)) : key;
}
