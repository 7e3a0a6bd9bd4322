namespace OtelTelemetry.Exporters.Datadog;

/// <summary>The version of Datadog's interface for series.</summary>
public enum DatadogApi
{
    /// <summary><c>/api/v2/series</c>.</summary>
    V2,

    /// <summary><c>/api/v1/series</c>, which servers other than Datadog's understand as well.</summary>
    V1,
}
