using OtelTelemetry;
using OtelTelemetry.Instruments;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the ready-made metrics of health.</summary>
public static class HealthInstrumentsBuilderExtensions
{
    /// <summary>Registers <see cref="HealthInstruments"/> on the application's collector. Its metrics are there when telemetry has started.
    /// Further calls do nothing.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    public static TelemetryBuilder AddHealthInstruments(this TelemetryBuilder builder) => InstrumentSet.Add(builder, collector => new HealthInstruments(collector));
}
