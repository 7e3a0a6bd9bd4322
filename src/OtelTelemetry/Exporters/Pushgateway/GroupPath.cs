using System.Buffers.Text;
using System.Text;

namespace OtelTelemetry.Exporters.Pushgateway;

/// <summary>The address of a group (Pushgateway documentation, section "API"): <c>/metrics/job/JOB/LABEL/VALUE</c>. A value that a path cannot
/// hold for certain, such as one that is empty or has a slash, is written in base64.</summary>
internal static class GroupPath
{
    public static Uri Of(Uri endpoint, string job, IEnumerable<KeyValuePair<string, string>> grouping)
    {
        var path = new StringBuilder(endpoint.GetLeftPart(UriPartial.Path).TrimEnd('/')).Append("/metrics");
        Append(path, "job", job);
        foreach (var (name, value) in grouping.OrderBy(pair => pair.Key, StringComparer.Ordinal)) Append(path, name, value);
        return new Uri(path.Append(endpoint.Query).ToString());
    }

    private static void Append(StringBuilder path, string name, string value)
    {
        if (value is not ("" or "." or "..") && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~'))
        {
            path.Append('/').Append(name).Append('/').Append(value);
            return;
        }

        // A single padding character stands for the empty value, which a path cannot show.
        var encoded = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(value));
        path.Append('/').Append(name).Append("@base64/").Append(encoded.Length == 0 ? "=" : encoded);
    }
}
