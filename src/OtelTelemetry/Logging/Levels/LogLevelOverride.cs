using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Logging.Levels;

/// <summary>A level that holds for a while. Immutable.</summary>
/// <param name="Category">The category it holds for, and those below it; empty for all that have no level of their own.</param>
/// <param name="Level">The level.</param>
/// <param name="Until">When it ends.</param>
public sealed record LogLevelOverride(string Category, LogLevel Level, DateTimeOffset Until);
