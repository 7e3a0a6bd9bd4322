namespace OtelTelemetry.Configuration;

/// <summary>What became of a setting's text: a value, or the problem and its remedy.</summary>
internal readonly record struct Parsed<T>(T? Value, string? Problem, string? Remedy)
{
    public static implicit operator Parsed<T>(T value) => new(value, null, null);

    public static Parsed<T> Wrong(string problem, string remedy) => new(default, problem, remedy);
}
