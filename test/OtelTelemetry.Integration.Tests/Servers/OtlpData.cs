using System.Text.Json.Nodes;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>One export request as it arrived.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Signal">traces, metrics or logs.</param>
/// <param name="Transport">http or grpc.</param>
/// <param name="Headers">HTTP headers or gRPC metadata.</param>
/// <param name="Bytes">Size after decompression.</param>
/// <param name="Body">The decoded request, in the field names of the OTLP schema.</param>
internal sealed record OtlpExport(int Number, string Signal, string Transport, JsonObject Headers, int Bytes, JsonObject Body)
{
    /// <summary>The items of one signal, each with its resource's attributes and its scope's name.</summary>
    public IEnumerable<(JsonNode Item, IReadOnlyDictionary<string, string> Resource, string Scope)> Items(
        string signal, string resources, string scopes, string items) =>
        Signal != signal
            ? []
            : from resource in Otlp.Array(Body[resources])
              let attributes = Otlp.Attributes(resource["resource"]?["attributes"])
              from scope in Otlp.Array(resource[scopes])
              from item in Otlp.Array(scope[items])
              select (item, attributes, scope["scope"]?["name"]?.GetValue<string>() ?? "");

    public override string ToString() => $"#{Number} {Signal} over {Transport}, {Bytes} bytes";
}

/// <summary>A span as the receiver decoded it.</summary>
internal sealed record OtlpSpan(
    string TraceId, string SpanId, string ParentSpanId, string Name, string Kind, string Status, string Scope,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyDictionary<string, string> Resource)
{
    public bool IsServer => Kind == "SPAN_KIND_SERVER";

    /// <summary>The names of its events, in their order.</summary>
    public IReadOnlyList<string> Events { get; init; } = [];

    public static IEnumerable<OtlpSpan> In(OtlpExport export) =>
        from found in export.Items("traces", "resourceSpans", "scopeSpans", "spans")
        let span = found.Item
        select new OtlpSpan(
            Otlp.Hex(span["traceId"]), Otlp.Hex(span["spanId"]), Otlp.Hex(span["parentSpanId"]),
            span["name"]!.GetValue<string>(), span["kind"]!.GetValue<string>(),
            span["status"]?["code"]?.GetValue<string>() ?? "STATUS_CODE_UNSET", found.Scope,
            Otlp.Attributes(span["attributes"]), found.Resource)
        {
            Events = [.. Otlp.Array(span["events"]).Select(happened => happened["name"]!.GetValue<string>())],
        };

    public override string ToString() => $"{Kind} {Name} {Status} {string.Join(",", Attributes.Select(a => $"{a.Key}={a.Value}"))}";
}

/// <summary>A log record as the receiver decoded it.</summary>
internal sealed record OtlpLog(
    string TraceId, string SpanId, string Severity, string Body, string EventName, string Scope,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyDictionary<string, string> Resource)
{
    public static IEnumerable<OtlpLog> In(OtlpExport export) =>
        from found in export.Items("logs", "resourceLogs", "scopeLogs", "logRecords")
        let log = found.Item
        select new OtlpLog(
            Otlp.Hex(log["traceId"]), Otlp.Hex(log["spanId"]), log["severityText"]?.GetValue<string>() ?? "",
            Otlp.Value(log["body"]), log["eventName"]?.GetValue<string>() ?? "", found.Scope, Otlp.Attributes(log["attributes"]), found.Resource);

    public override string ToString() => $"{Severity} {Body}";
}

/// <summary>A metric point as the receiver decoded it.</summary>
/// <param name="Export">The export request it came with.</param>
/// <param name="Metric">The instrument's name.</param>
/// <param name="Kind">sum, gauge, histogram or exponentialHistogram.</param>
/// <param name="Value">A number's value, or a histogram's count.</param>
/// <param name="Sum">A histogram's sum.</param>
/// <param name="Time">When it was collected.</param>
/// <param name="Scope">The meter.</param>
/// <param name="Unit">The instrument's unit.</param>
/// <param name="Attributes">The point's attributes.</param>
/// <param name="Resource">The resource's attributes.</param>
internal sealed record OtlpPoint(
    int Export, string Metric, string Kind, double Value, double Sum, DateTimeOffset Time, string Scope, string Unit,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyDictionary<string, string> Resource)
{
    private static readonly string[] s_kinds = ["sum", "gauge", "histogram", "exponentialHistogram"];

    /// <summary>What must be unique within an export: the series. The meter is not part of it: the same numbers under two meters are counted twice too.</summary>
    public string Series => $"{Metric}{{{string.Join(",", Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"{a.Key}={a.Value}"))}}}";

    public static IEnumerable<OtlpPoint> In(OtlpExport export) =>
        from found in export.Items("metrics", "resourceMetrics", "scopeMetrics", "metrics")
        let metric = found.Item
        let kind = s_kinds.First(kind => metric[kind] is not null)
        from point in Otlp.Array(metric[kind]!["dataPoints"])
        select new OtlpPoint(
            export.Number, metric["name"]!.GetValue<string>(), kind,
            Otlp.Number(point["asInt"] ?? point["asDouble"] ?? point["count"]), Otlp.Number(point["sum"]), Otlp.Time(point["timeUnixNano"]),
            found.Scope, metric["unit"]?.GetValue<string>() ?? "", Otlp.Attributes(point["attributes"]), found.Resource);

    public override string ToString() => $"#{Export} {Scope} {Series} {Value}";
}
