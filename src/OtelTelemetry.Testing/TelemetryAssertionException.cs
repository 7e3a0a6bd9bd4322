namespace OtelTelemetry.Testing;

/// <summary>What was captured is not what the test expects. Any test framework reports it as a failure.</summary>
public sealed class TelemetryAssertionException : Exception
{
    /// <summary>Makes an exception without a message.</summary>
    public TelemetryAssertionException()
    {
    }

    /// <summary>Makes an exception.</summary>
    /// <param name="message">What was expected, what was there instead, and everything else that was seen.</param>
    public TelemetryAssertionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes an exception with a cause.</summary>
    /// <param name="message">What was expected, what was there instead, and everything else that was seen.</param>
    /// <param name="innerException">The cause.</param>
    public TelemetryAssertionException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
