using OtelTelemetry.Configuration;

namespace OtelTelemetry;

/// <summary>The configuration is wrong. Thrown at start, once, with every error in it; never while the application runs.</summary>
public sealed class TelemetryConfigurationException : Exception
{
    /// <summary>Makes an exception without errors.</summary>
    public TelemetryConfigurationException()
        : this([])
    {
    }

    /// <summary>Makes an exception with one error that names no setting.</summary>
    public TelemetryConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with one error that names no setting, and its cause.</summary>
    public TelemetryConfigurationException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes an exception that lists errors.</summary>
    /// <param name="errors">One entry a setting: its name as it was written, what is wrong, and what would be right.</param>
    public TelemetryConfigurationException(IReadOnlyList<TelemetryConfigurationError> errors)
        : base(Describe(errors)) => Errors = errors;

    /// <summary>The errors, each once.</summary>
    public IReadOnlyList<TelemetryConfigurationError> Errors { get; } = [];

    private static string Describe(IReadOnlyList<TelemetryConfigurationError> errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        var head = errors.Count == 1 ? "The telemetry configuration has 1 error:" : $"The telemetry configuration has {errors.Count} errors:";
        return string.Join(System.Environment.NewLine, errors.Select(error => "  - " + error).Prepend(head));
    }
}
