namespace OtelTelemetry.Reading;

/// <summary>Where metric families come from: our own cells, or the instruments of other libraries.</summary>
internal interface IMetricSource
{
    /// <summary>Adds the families of this moment. What must be given back after reading is registered with <see cref="MetricCollection.OnReleased"/>.</summary>
    void Collect(MetricCollection collection);
}
