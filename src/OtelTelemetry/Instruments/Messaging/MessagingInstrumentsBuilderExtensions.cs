using OtelTelemetry;
using OtelTelemetry.Instruments;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the ready-made metrics of messages.</summary>
public static class MessagingInstrumentsBuilderExtensions
{
    /// <summary>Registers <see cref="MessagingInstruments"/> on the application's collector. Its metrics are there when telemetry has started.
    /// Further calls do nothing.</summary>
    /// <param name="builder">What <c>AddPepperTelemetry</c> returned.</param>
    public static TelemetryBuilder AddMessagingInstruments(this TelemetryBuilder builder) => InstrumentSet.Add(builder, collector => new MessagingInstruments(collector));
}
