namespace OtelTelemetry.Exporters.Retry;

/// <summary>The settings of a <see cref="RetryingExporter"/>: those of the exporter whose exports are repeated. How they are repeated, its
/// <see cref="MetricsExporterOptions.Delivery"/> says.</summary>
public sealed class RetryingExporterOptions : MetricsExporterOptions
{
    /// <summary>Makes options.</summary>
    /// <param name="exporter">Makes the exporter whose exports are repeated. Interval, filters and delivery are copied from it.</param>
    public RetryingExporterOptions(MetricsExporterOptions exporter)
    {
        ArgumentNullException.ThrowIfNull(exporter);
        Exporter = exporter;
        Interval = exporter.Interval;
        Timeout = exporter.Timeout;
        foreach (var name in exporter.Include) Include.Add(name);
        foreach (var name in exporter.Exclude) Exclude.Add(name);
        foreach (var (label, value) in exporter.Where) Where[label] = value;
        exporter.Delivery.CopyTo(Delivery);
    }

    /// <summary>Makes the exporter whose exports are repeated.</summary>
    public MetricsExporterOptions Exporter { get; }

    /// <summary>Makes the exporter. What the other one asks the time of its context, it is told when the metrics were collected that it exports.</summary>
    /// <param name="context">What it is made with.</param>
    public override MetricsExporter Create(ExporterContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var clock = new CollectionClock(context.TimeProvider);
        return new RetryingExporter(Exporter.Create(context.With(clock)), context.InstanceName, context.Delivery, Delivery, context.TimeProvider, clock);
    }

    internal override bool WantsExemplars => Exporter.WantsExemplars;

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check() => base.Check().Concat(Exporter.Check()).Distinct();
}
