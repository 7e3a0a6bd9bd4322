using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>One series of an answer.</summary>
internal sealed record Sample(IReadOnlyDictionary<string, string> Labels, double Value)
{
    public override string ToString() =>
        "{" + string.Join(",", Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}={label.Value}")) + "} " + Value;
}

/// <summary>A series as it is stored: the time of each sample in seconds, and its value.</summary>
internal sealed record StoredSeries(IReadOnlyDictionary<string, string> Labels, IReadOnlyList<(double Time, double Value)> Samples);

/// <summary>The query API that Prometheus defined and VictoriaMetrics also speaks.</summary>
/// <param name="address">The server.</param>
/// <param name="flushPath">What must be requested before new points are found; null when nothing must.</param>
internal sealed class PrometheusQueries(Uri address, string? flushPath = null)
{
    private static readonly HttpClient s_http = new();

    public async Task<bool> Answers(string path)
    {
        using var response = await s_http.GetAsync(new Uri(address, path));
        return response.IsSuccessStatusCode;
    }

    public async Task<JsonObject> Get(string path, params (string Name, string Value)[] query)
    {
        var text = string.Join('&', query.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value)}"));
        using var response = await s_http.GetAsync(new Uri(address, $"{path}?{text}"));
        var body = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new HttpRequestException($"{path}?{text}: {(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!.AsObject();
    }

    public async Task<IReadOnlyList<Sample>> Query(string expression)
    {
        if (flushPath is not null) await Answers(flushPath);
        var answer = await Get("/api/v1/query", ("query", expression));
        return
        [
            .. from result in answer["data"]!["result"]!.AsArray()
               select new Sample(
                   result!["metric"].Deserialize<Dictionary<string, string>>()!,
                   double.Parse(result["value"]![1]!.GetValue<string>(), CultureInfo.InvariantCulture)),
        ];
    }

    public async Task<IReadOnlyList<StoredSeries>> Stored(string selector)
    {
        var answer = await Get("/api/v1/query", ("query", selector + "[1h]"));
        return
        [
            .. from result in answer["data"]!["result"]!.AsArray()
               select new StoredSeries(
                   result!["metric"].Deserialize<Dictionary<string, string>>()!,
                   [.. result["values"]!.AsArray().Select(value => (value![0]!.GetValue<double>(), double.Parse(value[1]!.GetValue<string>(), CultureInfo.InvariantCulture)))]),
        ];
    }

    /// <summary>Waits until the target was scraped with success. The first scrape comes some seconds after the start.</summary>
    public Task WaitUntilUp() => Eventually.Get(
        "the target is up",
        () => Query($"up{{job=\"{ScrapeConfiguration.Job}\"}}"),
        samples => samples is [{ Value: 1 }]);
}
