namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>Two values that are not a number, which Prometheus tells apart by their bits.</summary>
internal static class SpecialValues
{
    /// <summary>The end of a series.</summary>
    public static readonly double Stale = BitConverter.UInt64BitsToDouble(0x7ff0000000000002);

    /// <summary>A measured value that is not a number.</summary>
    public static readonly double NotANumber = BitConverter.UInt64BitsToDouble(0x7ff8000000000001);

    /// <summary>A value as it is sent: none that was measured must end a series by its bits.</summary>
    public static double Measured(double value) => double.IsNaN(value) ? NotANumber : value;
}
