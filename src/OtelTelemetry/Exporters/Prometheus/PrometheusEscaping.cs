namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>What happens to characters of metric and label names outside <c>[a-zA-Z0-9_:]</c>, as a scraper asks for it
/// (Prometheus documentation, "UTF-8 metric and label name escaping schemes").</summary>
public enum PrometheusEscaping
{
    /// <summary>Each becomes an underscore, and repeated underscores become one. The default.</summary>
    Underscores,

    /// <summary>Names stay as they are; those that need it are written in double quotes.</summary>
    AllowUtf8,

    /// <summary>A dot becomes <c>_dot_</c>, an underscore becomes two, and any other such character one underscore.</summary>
    Dots,

    /// <summary>Names that need it begin with <c>U__</c>, and each such character becomes its code point in hexadecimal between underscores.</summary>
    Values,
}
