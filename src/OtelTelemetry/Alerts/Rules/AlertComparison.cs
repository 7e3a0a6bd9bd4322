namespace OtelTelemetry.Alerts.Rules;

/// <summary>How a value is compared with the threshold.</summary>
public enum AlertComparison
{
    /// <summary>The value is greater.</summary>
    GreaterThan,

    /// <summary>The value is greater or equal.</summary>
    GreaterOrEqual,

    /// <summary>The value is less.</summary>
    LessThan,

    /// <summary>The value is less or equal.</summary>
    LessOrEqual,

    /// <summary>The value is equal.</summary>
    Equal,

    /// <summary>The value is another.</summary>
    NotEqual,
}
