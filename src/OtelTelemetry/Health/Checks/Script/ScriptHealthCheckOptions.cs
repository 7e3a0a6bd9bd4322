using Microsoft.Extensions.Diagnostics.HealthChecks;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Health.Checks.Script;

/// <summary>
/// Runs a program, without a shell, and looks at its exit code; what it writes becomes the description. At its timeout it is killed, with
/// the programs it has started. Immutable.
/// </summary>
public sealed record ScriptHealthCheckOptions : TelemetryHealthCheckOptions
{
    internal const int LargestOutput = 1024 * 1024;

    /// <summary>The program: a path, or a name that is found on <c>PATH</c>. Required.</summary>
    public string Command { get; init; } = "";

    /// <summary>Its arguments, one by one; nothing in them is interpreted. Default: none.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Where it runs. Default: null, which is the application's folder.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables it gets beside those of the application; values are never shown. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The exit code that means healthy. Default: 0.</summary>
    public int HealthyExitCode { get; init; }

    /// <summary>The exit code that means degraded, such as 1 for plugins of Nagios. Default: null, which is none: any other is a failure.</summary>
    public int? DegradedExitCode { get; init; }

    /// <summary>How much of what it writes is kept, in bytes; the rest is read and thrown away. From 0 to 1 MiB. Default: 4 KiB.</summary>
    public int MaxOutputBytes { get; init; } = 4096;

    /// <inheritdoc/>
    public override IHealthCheck Create(IServiceProvider services) => new ScriptHealthCheck(this);

    internal static TelemetryHealthCheckOptions Read(SettingSection settings)
    {
        var options = ReadCommon(settings, new ScriptHealthCheckOptions());
        settings.Bind("Command", Parse.Text, value => options = options with { Command = value });
        settings.BindList("Arguments", values => options = options with { Arguments = values });
        settings.Bind("WorkingDirectory", Parse.Text, value => options = options with { WorkingDirectory = value });
        settings.BindMap("Environment", Parse.Text, values => options = options with { Environment = values });
        settings.Bind("HealthyExitCode", Parse.Integer, value => options = options with { HealthyExitCode = value });
        settings.Bind("DegradedExitCode", Parse.OptionalInteger, value => options = options with { DegradedExitCode = value });
        settings.Bind("MaxOutputBytes", Parse.Integer, value => options = options with { MaxOutputBytes = value });
        return options;
    }

    internal override IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (string.IsNullOrWhiteSpace(Command)) yield return (nameof(Command), "it is not set", "Allowed: the path or name of a program; its arguments are Arguments");
        if (MaxOutputBytes is < 0 or > LargestOutput) yield return (nameof(MaxOutputBytes), FormattableString.Invariant($"{MaxOutputBytes} is no number of bytes to keep"), "Allowed: 0 to 1048576");
        if (DegradedExitCode == HealthyExitCode) yield return (nameof(DegradedExitCode), "it is the code of a healthy result as well", "Allowed: another code than HealthyExitCode");
    }
}
