namespace OtelTelemetry.Logging;

/// <summary>The template of a log record, such as <c>Received order {Id}</c>, which comes among its values.</summary>
internal static class LogTemplate
{
    /// <summary>The name .NET's logging gives it.</summary>
    public const string Name = "{OriginalFormat}";
}
