using OtelTelemetry.Metrics;

namespace OtelTelemetry.Benchmarks;

/// <summary>Counters whose labels are a type, against the raw counter with the same three tags.</summary>
internal static partial class TypedBenchmarks
{
    internal enum Method
    {
        Get,
        Put,
        Post,
        Delete,
    }

    [MetricLabels]
    internal readonly partial record struct Request(Method Method, int Status, bool Cached);

    [MetricLabels]
    internal readonly partial record struct RouteRequest(Method Method, string Route, int Status);

    internal static BenchmarkResult Counter(string name, RawSdk sdk, MetricsCollector metrics)
    {
        var raw = sdk.Meter.CreateCounter<long>("raw_typed_counter");
        var ours = metrics.CreateCounter<Request>("typed_counter");
        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++) raw.Add(1, new("method", Boxes.Methods[i & 3]), new("status", Boxes.Statuses[(i >> 2) & 7]), new("cached", Boxes.Booleans[(i >> 5) & 1]));
            },
            operations =>
            {
                for (var i = 0; i < operations; i++) ours.Inc(new((Method)(i & 3), 200 + ((i >> 2) & 7), (i & 32) != 0));
            }).Run();
    }

    internal static BenchmarkResult CounterWithText(string name, RawSdk sdk, MetricsCollector metrics)
    {
        var raw = sdk.Meter.CreateCounter<long>("raw_typed_counter_text");
        var ours = metrics.CreateCounter<RouteRequest>("typed_counter_text");
        string[] routes = ["/api/v1/orders", "/api/v1/orders/{id}"];
        return new PairedBenchmark(
            name,
            operations =>
            {
                for (var i = 0; i < operations; i++) raw.Add(1, new("method", Boxes.Methods[i & 3]), new("route", routes[(i >> 5) & 1]), new("status", Boxes.Statuses[(i >> 2) & 7]));
            },
            operations =>
            {
                for (var i = 0; i < operations; i++) ours.Inc(new((Method)(i & 3), routes[(i >> 5) & 1], 200 + ((i >> 2) & 7)));
            }).Run();
    }

    /// <summary>The SDK's tags are objects: the baseline has them made before.</summary>
    private static class Boxes
    {
        internal static readonly object[] Methods = ["GET", "PUT", "POST", "DELETE"];
        internal static readonly object[] Statuses = [200, 201, 202, 203, 204, 205, 206, 207];
        internal static readonly object[] Booleans = [false, true];
    }
}
