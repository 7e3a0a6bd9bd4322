using System.ComponentModel;

namespace OtelTelemetry.Instrumentation;

/// <summary>The labels of a method that is counted or timed and marks no argument as a label: the type of the error only. For generated code.</summary>
/// <param name="ErrorType">The full name of the exception that left the method, else null.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct NoLabels(string? ErrorType) : IMeasuredLabels<NoLabels>
{
    /// <inheritdoc/>
    public static IReadOnlyList<string> LabelNames { get; } = ["error_type"];

    /// <inheritdoc/>
    public int GetHash() => ErrorType is null ? 0 : ErrorType.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public bool Same(in NoLabels other) => ErrorType == other.ErrorType;

    /// <inheritdoc/>
    public void WriteTo(Span<string> values) => values[0] = ErrorType ?? "";

    /// <inheritdoc/>
    public NoLabels WithError(string errorType) => new(errorType);
}
