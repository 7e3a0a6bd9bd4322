using System.Diagnostics.Metrics;

namespace OtelTelemetry.Processors.Measurements;

/// <summary>The kinds of instruments the SDK knows.</summary>
internal enum InstrumentForm
{
    Counter,
    UpDownCounter,
    Gauge,
    Histogram,
    ObservableCounter,
    ObservableUpDownCounter,
    ObservableGauge,
}

/// <summary>What an instrument is: its form, and whether its numbers are whole.</summary>
internal readonly record struct InstrumentShape(InstrumentForm Form, bool IsIntegral)
{
    public bool IsObservable => Form >= InstrumentForm.ObservableCounter;

    public bool IsGauge => Form is InstrumentForm.Gauge or InstrumentForm.ObservableGauge;

    /// <summary>The shape of an instrument; null for one the SDK does not aggregate.</summary>
    public static InstrumentShape? Of(Instrument instrument)
    {
        var type = instrument.GetType();
        if (!type.IsGenericType) return null;
        var definition = type.GetGenericTypeDefinition();
        InstrumentForm? form =
            definition == typeof(Counter<>) ? InstrumentForm.Counter
            : definition == typeof(UpDownCounter<>) ? InstrumentForm.UpDownCounter
            : definition == typeof(Gauge<>) ? InstrumentForm.Gauge
            : definition == typeof(Histogram<>) ? InstrumentForm.Histogram
            : definition == typeof(ObservableCounter<>) ? InstrumentForm.ObservableCounter
            : definition == typeof(ObservableUpDownCounter<>) ? InstrumentForm.ObservableUpDownCounter
            : definition == typeof(ObservableGauge<>) ? InstrumentForm.ObservableGauge
            : null;
        var number = type.GenericTypeArguments[0];
        var isIntegral = number == typeof(long) || number == typeof(int) || number == typeof(short) || number == typeof(byte);
        return form is { } known && (isIntegral || number == typeof(double) || number == typeof(float)) ? new InstrumentShape(known, isIntegral) : null;
    }
}
