using OtelTelemetry;
using OtelTelemetry.Instruments;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the ready-made metrics of nodes that coordinate themselves.</summary>
public static class CoordinationInstrumentsBuilderExtensions
{
    /// <summary>Registers <see cref="CoordinationInstruments"/> on the application's collector. Its metrics are there when telemetry has started.
    /// Further calls do nothing.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    public static TelemetryBuilder AddCoordinationInstruments(this TelemetryBuilder builder) => InstrumentSet.Add(builder, collector => new CoordinationInstruments(collector));
}
