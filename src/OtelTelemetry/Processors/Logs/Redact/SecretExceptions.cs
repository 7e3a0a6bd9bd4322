using System.Collections;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>Looks for secrets in exceptions: their texts, those inside them, and their data.</summary>
internal static class SecretExceptions
{
    /// <summary>The most exceptions inside each other that are looked at; one with more counts as having a secret.</summary>
    private const int Deepest = 32;

    internal static bool HasSecret(Exception exception, SecretScrubber scrubber) => scrubber.Replaced(exception.ToString()) is not null || HasOwnSecret(exception, scrubber, 0);

    private static bool HasOwnSecret(Exception exception, SecretScrubber scrubber, int depth)
    {
        if (depth == Deepest || scrubber.Replaced(exception.Message) is not null) return true;
        if (exception.Data.Count > 0)
        {
            foreach (DictionaryEntry entry in exception.Data)
            {
                if (scrubber.Replaced(entry.Key as string ?? "", entry.Value) is not null) return true;
            }
        }

        if (exception is AggregateException { InnerExceptions: var all })
        {
            foreach (var one in all)
            {
                if (HasOwnSecret(one, scrubber, depth + 1)) return true;
            }

            return false;
        }

        return exception.InnerException is { } inner && HasOwnSecret(inner, scrubber, depth + 1);
    }
}
