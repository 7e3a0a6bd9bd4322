using System.Globalization;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>Signs requests (AWS Signature Version 4), with the SDK's own signer.</summary>
internal static class AwsSignature
{
    public const string TokenHeader = "X-Amz-Security-Token";
    private const string DateHeader = "X-Amz-Date";
    private const string SignatureHeader = "Authorization";

    /// <summary>Takes a signature away.</summary>
    public static void Remove(HttpRequestMessage request)
    {
        foreach (var name in (string[])[TokenHeader, DateHeader, SignatureHeader]) request.Headers.Remove(name);
    }

    /// <summary>Signs a request whose body does not change any more. The token of temporary credentials is signed, but added by the caller.</summary>
    public static void Sign(HttpRequestMessage request, byte[] body, ImmutableCredentials credentials, string region, DateTimeOffset now)
    {
        var address = request.RequestUri!;
        var date = now.UtcDateTime.ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture);
        var headers = new List<(string Name, string Value)>
        {
            ("content-type", request.Content!.Headers.ContentType!.ToString()),
            ("host", address.Authority),
            ("x-amz-date", date),
        };
        if (credentials.UseToken) headers.Add(("x-amz-security-token", credentials.Token));

        var signed = string.Join(';', headers.Select(header => header.Name));
        var canonical = string.Join('\n',
            request.Method.Method,
            address.AbsolutePath,
            "",
            string.Concat(headers.Select(header => $"{header.Name}:{header.Value}\n")),
            signed,
            Convert.ToHexStringLower(SHA256.HashData(body)));
        var signature = AWS4Signer.ComputeSignature(credentials, region, now.UtcDateTime, "monitoring", signed, canonical);
        request.Headers.TryAddWithoutValidation(DateHeader, date);
        request.Headers.TryAddWithoutValidation(SignatureHeader, signature.ForAuthorizationHeader);
    }
}
