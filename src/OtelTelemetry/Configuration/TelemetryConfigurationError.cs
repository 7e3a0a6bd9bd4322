namespace OtelTelemetry.Configuration;

/// <summary>One wrong setting.</summary>
/// <param name="Setting">The setting's name as it was written: a configuration key, a variable, or a property set in code.</param>
/// <param name="Problem">What is wrong. Secrets are left out.</param>
/// <param name="Remedy">The values that would be right.</param>
public sealed record TelemetryConfigurationError(string Setting, string Problem, string Remedy)
{
    /// <summary>The file the setting came from, as the application named it. Null where it came from elsewhere: a variable, the command line, code.</summary>
    public string? File { get; init; }

    /// <summary>The error in one line.</summary>
    public override string ToString() => $"{(File is null ? "" : File + ": ")}{Setting}: {Problem}. {Remedy}.";
}
