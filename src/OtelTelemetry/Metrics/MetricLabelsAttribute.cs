namespace OtelTelemetry.Metrics;

/// <summary>
/// Makes a partial record struct a set of labels: each parameter or property is a label, named by its name in snake_case.
/// Strings, enums, integers and booleans can be labels. Needs the package OtelTelemetry.Generators.
/// </summary>
/// <example><code>
/// [MetricLabels]
/// public readonly partial record struct OrderLabels(string Region, OrderKind Kind, bool Express);
///
/// Counter&lt;OrderLabels&gt; orders = metrics.CreateCounter&lt;OrderLabels&gt;("orders_total");
/// orders.Inc(new("eu", OrderKind.Book, Express: true));
/// </code></example>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class MetricLabelsAttribute : Attribute;
