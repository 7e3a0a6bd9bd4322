using Microsoft.AspNetCore.Http;

namespace OtelTelemetry.AspNetCore.Health;

/// <summary>A rule of the application for who sees the details of health.</summary>
internal sealed record HealthDetailsRule(Func<HttpContext, bool> Allows);
