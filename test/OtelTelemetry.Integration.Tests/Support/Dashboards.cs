using System.Text.Json.Nodes;

namespace OtelTelemetry.Integration.Tests.Support;

/// <summary>A query of a panel.</summary>
internal sealed record PanelQuery(string Dashboard, string Panel, string RefId, string Expression)
{
    public override string ToString() => $"{Dashboard}: {Panel} {RefId}";
}

/// <summary>A variable of a dashboard whose values Prometheus tells: <c>label_values(selector, label)</c>.</summary>
internal sealed record DashboardVariable(string Dashboard, string Name, string Selector, string Label)
{
    public override string ToString() => $"{Dashboard}: {Name}";
}

/// <summary>The dashboards that are shipped, as Grafana would use them on a server that is scraped every second.</summary>
internal static class Dashboards
{
    private const string RateInterval = "10s";

    public static string[] Files { get; } = [.. Directory.GetFiles(Repository.PathTo("docs", "content", "dashboards"), "*.json").Order(StringComparer.Ordinal)];

    public static IEnumerable<PanelQuery> Queries =>
        from file in Files
        let dashboard = Read(file)
        from panel in Panels(dashboard)
        from target in panel["targets"]?.AsArray() ?? []
        select new PanelQuery(Path.GetFileNameWithoutExtension(file), (string)panel["title"]!, (string)target["refId"]!, Substitute((string)target["expr"]!, dashboard));

    public static IEnumerable<DashboardVariable> Variables =>
        from file in Files
        let dashboard = Read(file)
        from variable in dashboard["templating"]!["list"]!.AsArray()
        where (string)variable["type"]! == "query"
        select Variable(Path.GetFileNameWithoutExtension(file), (string)variable["name"]!, Substitute((string)variable["query"]!["query"]!, dashboard));

    public static JsonNode Read(string file) => JsonNode.Parse(File.ReadAllText(file))!;

    public static IEnumerable<JsonNode> Panels(JsonNode dashboard) => dashboard["panels"]!.AsArray().Where(panel => (string)panel!["type"]! != "row").Select(panel => panel!);

    /// <summary>What Grafana puts in for the variables while each stands at "All".</summary>
    private static string Substitute(string text, JsonNode dashboard)
    {
        text = text.Replace("$__rate_interval", RateInterval, StringComparison.Ordinal);
        foreach (var variable in dashboard["templating"]!["list"]!.AsArray())
        {
            if (variable!["allValue"] is { } all) text = text.Replace($"${(string)variable["name"]!}", (string)all!, StringComparison.Ordinal);
        }

        return text.Contains('$') ? throw new FormatException($"A variable the dashboard has not: {text}") : text;
    }

    private static DashboardVariable Variable(string dashboard, string name, string query)
    {
        const string function = "label_values(";
        if (!query.StartsWith(function, StringComparison.Ordinal) || !query.EndsWith(')')) throw new FormatException($"{dashboard}: {name}: {query}");
        var comma = query.LastIndexOf(',');
        return new DashboardVariable(dashboard, name, query[function.Length..comma], query[(comma + 1)..^1].Trim());
    }
}
