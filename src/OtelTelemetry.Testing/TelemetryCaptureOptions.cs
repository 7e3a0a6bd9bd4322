namespace OtelTelemetry.Testing;

/// <summary>The settings of a <see cref="TelemetryCapture"/>. The values are copied when it starts.</summary>
public sealed record TelemetryCaptureOptions
{
    /// <summary>The namespace of <see cref="TelemetryCapture.Metrics"/>. Default: empty.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>The names of the activity sources whose spans are captured; <c>*</c> stands for any text. Default: all.</summary>
    public IReadOnlyList<string> Sources { get; init; } = ["*"];

    /// <summary>The names of the meters whose measurements are captured; <c>*</c> stands for any text. Default: all.</summary>
    public IReadOnlyList<string> Meters { get; init; } = ["*"];

    /// <summary>Whether everything in the process is captured, whoever caused it. Then tests that run at the same time see each other's
    /// spans, measurements and events; only for code whose threads cannot be told apart. Default: false.</summary>
    public bool WholeProcess { get; init; }

    /// <summary>The most spans, log records and series that are kept, of each; further ones are left out. From 1. Default: 10,000.</summary>
    public int MaxItems { get; init; } = 10_000;

    /// <summary>The clock of the captured registry's metrics and events. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
