using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Logging.Levels;

/// <summary>What is to be laid over the application's levels. Immutable.</summary>
/// <param name="Default">The level of categories without one of their own; null leaves it.</param>
/// <param name="Categories">The levels of categories and those below them.</param>
/// <param name="CanBeRaised">Whether single requests may be logged in more detail.</param>
internal sealed record WantedLevels(LogLevel? Default, IReadOnlyDictionary<string, LogLevel> Categories, bool CanBeRaised);
