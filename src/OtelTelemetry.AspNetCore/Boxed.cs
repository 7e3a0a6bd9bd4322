using System.Globalization;

namespace OtelTelemetry.AspNetCore;

/// <summary>HTTP status codes as objects and as text, and truth as an object, made once.</summary>
internal static class Boxed
{
    public static readonly object True = true;

    private const int First = 100;
    private static readonly object[] s_codes = [.. Enumerable.Range(First, 500).Select(code => (object)code)];
    private static readonly string[] s_texts = [.. s_codes.Select(code => ((int)code).ToString(CultureInfo.InvariantCulture))];

    public static object Of(int status) => status >= First && status < First + s_codes.Length ? s_codes[status - First] : status;

    public static string TextOf(int status) =>
        status >= First && status < First + s_texts.Length ? s_texts[status - First] : status.ToString(CultureInfo.InvariantCulture);
}
