namespace OtelTelemetry.Logging.Sinks.Files;

/// <summary>Another process, or another sink of this one, writes the file.</summary>
internal sealed class LogFileInUseException(string path, IOException inner) : IOException($"{path} is written by another process", inner);
