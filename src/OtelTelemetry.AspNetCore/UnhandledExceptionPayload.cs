using System.Diagnostics.CodeAnalysis;

namespace OtelTelemetry.AspNetCore;

/// <summary>Reads the event ASP.NET Core raises for an exception nobody handled. Its type is internal, so its property is read by name.</summary>
internal static class UnhandledExceptionPayload
{
    [UnconditionalSuppressMessage("Trimming", "IL2075", Justification = "ASP.NET Core keeps the public properties of its diagnostic events; without the property the status stands in.")]
    public static string? TypeOf(object? payload) =>
        (payload?.GetType().GetProperty("exception")?.GetValue(payload) as Exception)?.GetType().FullName;
}
