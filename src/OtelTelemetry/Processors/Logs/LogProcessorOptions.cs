namespace OtelTelemetry.Processors.Logs;

/// <summary>The settings of one log processor, and how it is made: what <see cref="TelemetryLogsOptions.Processors"/> and
/// <c>Telemetry:Logs:Processors</c> put together. Derive from it for a processor of your own that has settings. Immutable.</summary>
public abstract record LogProcessorOptions
{
    /// <summary>Makes the processor, once for an application.</summary>
    /// <param name="context">What it may need.</param>
    public abstract LogProcessor Create(LogProcessorContext context);

    /// <summary>What is wrong with the settings: the property, the problem, the remedy.</summary>
    internal virtual IEnumerable<(string Property, string Problem, string Remedy)> Check() => [];
}
