using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using OtelTelemetry.Processors.Logs.Redact;

namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>Makes the record of a request, under the names of OpenTelemetry's semantic conventions. What a client sends is bounded, in one line, and without secrets. Thread-safe.</summary>
/// <param name="scrubber">Replaces secrets.</param>
/// <param name="query">Whether the query is told.</param>
/// <param name="clientAddress">Whether the client's address is told.</param>
internal sealed class RequestRecordFields(SecretScrubber scrubber, bool query, bool clientAddress)
{
    /// <summary>The most characters of a path, a query or a user agent.</summary>
    internal const int LongestText = 2048;

    private readonly HostTags _hosts = new();

    public RequestRecord Of(HttpContext context, in RequestOutcome outcome)
    {
        var request = context.Request;
        var method = HttpNames.KnownMethod(request.Method);

        // Encoded as it came, so that no line can begin in it.
        var path = Clean(request.PathBase.Add(request.Path).ToUriComponent());
        var record = new RequestRecord(method ?? "_OTHER", path, outcome.Status, outcome.Duration);
        if (method is null) record.Add("http.request.method_original", Clean(request.Method));
        if (outcome.Route is { } route) record.Add("http.route", route);
        if (outcome.ErrorType is { } error) record.Add("error.type", error);
        if (outcome.IsClientGone) record.Add("http.request.aborted", Boxed.True);
        record.Add("http.request.body.size", outcome.RequestBytes);
        record.Add("http.response.body.size", outcome.ResponseBytes);
        record.Add("url.scheme", request.Scheme);
        if (query && request.QueryString is { HasValue: true, Value.Length: > 1 }) record.Add("url.query", Cut(Query(request.QueryString)));
        if (request.Host.HasValue) record.Add("server.address", _hosts.AddressOf(request.Host));
        if (clientAddress && context.Connection.RemoteIpAddress is { } address) record.Add("client.address", address.ToString());
        if (HttpNames.ProtocolVersion(request.Protocol) is { } version) record.Add("network.protocol.version", version);
        if (request.Headers.UserAgent is [{ Length: > 0 } agent, ..]) record.Add("user_agent.original", Clean(agent));
        return record.Complete();
    }

    private string Clean(string text)
    {
        text = Cut(text);
        return scrubber.Replaced(text) ?? text;
    }

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText];

    /// <summary>The query as it came, but for values that are secrets.</summary>
    private string Query(QueryString query)
    {
        var text = new StringBuilder();
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            if (text.Length > 0) text.Append('&');
            text.Append(pair.EncodedName.Span);
            if (pair.EncodedValue.IsEmpty) continue;
            text.Append('=');
            if (scrubber.IsSecretName(pair.DecodeName().ToString()) || scrubber.Replaced(pair.DecodeValue().ToString()) is not null) text.Append(scrubber.Replacement);
            else text.Append(pair.EncodedValue.Span);
            if (text.Length > LongestText) break;
        }

        return text.ToString();
    }
}
