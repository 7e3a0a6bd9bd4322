using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Processors.Logs;

/// <summary>What records that were left out have in common. Immutable.</summary>
/// <param name="Category">Their category.</param>
/// <param name="Level">The level of the first.</param>
/// <param name="EventId">Their event id.</param>
/// <param name="Text">Their template, or what else tells them.</param>
internal readonly record struct SuppressedLogs(string Category, LogLevel Level, EventId EventId, string Text);
