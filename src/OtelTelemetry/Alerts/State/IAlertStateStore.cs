namespace OtelTelemetry.Alerts.State;

/// <summary>Keeps what alerts know over the end of the process. Thread-safe.</summary>
internal interface IAlertStateStore
{
    /// <summary>What was saved last; null where nothing was.</summary>
    /// <exception cref="AlertStateException">It cannot be read.</exception>
    byte[]? Load();

    /// <summary>Saves, in place of what was there, wholly or not at all.</summary>
    /// <exception cref="AlertStateException">It cannot be written.</exception>
    void Save(byte[] state);
}

/// <summary>What alerts know cannot be read or written.</summary>
internal sealed class AlertStateException(string message, Exception? cause = null) : Exception(message, cause);
