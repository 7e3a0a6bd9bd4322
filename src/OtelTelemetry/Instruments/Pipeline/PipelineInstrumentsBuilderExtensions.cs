using OtelTelemetry;
using OtelTelemetry.Instruments;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the ready-made metrics of pipelines.</summary>
public static class PipelineInstrumentsBuilderExtensions
{
    /// <summary>Registers <see cref="PipelineInstruments"/> on the application's collector. Its metrics are there when telemetry has started.
    /// Further calls do nothing.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    public static TelemetryBuilder AddPipelineInstruments(this TelemetryBuilder builder) => InstrumentSet.Add(builder, collector => new PipelineInstruments(collector));
}
