namespace OtelTelemetry.Delivery;

/// <summary>The outbox could not do what it was asked for: a full disk, a damaged file.</summary>
public sealed class OutboxException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">What is wrong, in the operator's words.</param>
    /// <param name="cause">The cause.</param>
    public OutboxException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}
