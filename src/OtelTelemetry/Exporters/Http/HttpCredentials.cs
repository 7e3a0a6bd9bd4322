using System.Net.Http.Headers;
using System.Text;

namespace OtelTelemetry.Exporters.Http;

/// <summary>Who an exporter says it is, and further headers. None of it is ever shown. Immutable.</summary>
internal sealed class HttpCredentials
{
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly KeyValuePair<string, string>[] _headers;
    private readonly string[] _secrets;

    public HttpCredentials(string? username, string? password, string? bearerToken, IEnumerable<KeyValuePair<string, string>> headers)
    {
        _headers = [.. headers];
        var basic = username is null ? null : Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"));
        if (basic is not null) _authorization = new AuthenticationHeaderValue("Basic", basic);
        else if (bearerToken is not null) _authorization = new AuthenticationHeaderValue("Bearer", bearerToken);
        _secrets = [.. new[] { basic, password, bearerToken }.Concat(_headers.Select(header => header.Value)).OfType<string>().Where(secret => secret.Length > 0)];
    }

    /// <summary>Adds them to a request.</summary>
    public void Apply(HttpRequestMessage request)
    {
        if (_authorization is not null) request.Headers.Authorization = _authorization;
        foreach (var (name, value) in _headers) request.Headers.TryAddWithoutValidation(name, value);
    }

    /// <summary>The length of the longest secret.</summary>
    public int LongestSecret => _secrets.Length == 0 ? 0 : _secrets.Max(secret => secret.Length);

    /// <summary>Text from elsewhere without what is secret: a server may repeat what it got.</summary>
    public string Hide(string text) => Hide(text, text.Length);

    /// <summary>The beginning of such a text.</summary>
    /// <param name="text">The text. To hide a secret that the cut would leave in part, it goes on beyond it by <see cref="LongestSecret"/>.</param>
    /// <param name="length">How much of it is wanted.</param>
    public string Hide(string text, int length)
    {
        const char veil = '\0';
        text = text.Replace(veil, ' ');
        foreach (var secret in _secrets) text = text.Replace(secret, new string(veil, secret.Length), StringComparison.Ordinal);
        var shown = new StringBuilder(length);
        foreach (var character in text.AsSpan(0, Math.Min(length, text.Length)))
        {
            if (character != veil) shown.Append(character);
            else if (shown.Length == 0 || shown[^1] != veil) shown.Append(veil);
        }

        return shown.Replace(veil.ToString(), "(hidden)").ToString();
    }

    /// <summary>Says nothing of what it holds.</summary>
    public override string ToString() => _authorization is null ? "no credentials" : $"{_authorization.Scheme} (hidden)";

    /// <summary>What is wrong with such settings. Never a secret.</summary>
    public static IEnumerable<(string Property, string Problem, string Remedy)> Check(
        string? username, string? password, string? bearerToken, IEnumerable<KeyValuePair<string, string>> headers)
    {
        if (username is not null && bearerToken is not null)
        {
            yield return ("BearerToken", "there are a user name and a token", "Allowed: Username and Password, or BearerToken");
        }

        if (username is null && password is not null) yield return ("Username", "there is a password for nobody", "Allowed: Username and Password together");
        if (username?.Contains(':') == true) yield return ("Username", "a user name must not have a colon", "Allowed: any text without ':'");
        if (bearerToken is not null && (bearerToken.Length == 0 || !IsPrintable(bearerToken)))
        {
            yield return ("BearerToken", "the token (hidden) is empty or has characters that a header cannot carry", "Allowed: printable ASCII");
        }

        var position = 0;
        foreach (var (name, value) in headers)
        {
            position++;
            if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c)))
            {
                yield return ("Headers", $"the name of header {position} is not a header name", "Allowed: letters, digits and -");
            }
            else if (value is null || !IsPrintable(value))
            {
                yield return ("Headers", $"the value of header '{name}' (hidden) has characters that a header cannot carry", "Allowed: printable ASCII");
            }
        }
    }

    private static bool IsPrintable(string text) => text.All(c => c is >= ' ' and <= '~');
}
