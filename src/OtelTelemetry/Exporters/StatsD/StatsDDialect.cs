namespace OtelTelemetry.Exporters.StatsD;

/// <summary>What a StatsD server understands.</summary>
public enum StatsDDialect
{
    /// <summary>The original: no tags. Labels become parts of the name (<c>requests.method.GET</c>), and a negative gauge is sent as 0 and a decrease.</summary>
    Etsy,

    /// <summary>Datadog's: labels are tags (<c>requests:1|c|#method:GET</c>). Many other servers understand it as well.</summary>
    DogStatsD,
}
