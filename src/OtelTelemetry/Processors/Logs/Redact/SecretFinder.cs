namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>Finds one kind of secret in texts, in time proportional to their length. Immutable; thread-safe.</summary>
internal abstract class SecretFinder
{
    /// <summary>Whether there may be one; allocates nothing.</summary>
    internal abstract bool IsIn(ReadOnlySpan<char> text);

    /// <summary>The text with something else in place of each; only asked where <see cref="IsIn"/> says yes.</summary>
    internal abstract string Replace(string text, string replacement);
}
