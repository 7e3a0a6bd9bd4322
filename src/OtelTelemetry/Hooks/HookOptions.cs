namespace OtelTelemetry.Hooks;

/// <summary>The settings of one hook. The values are copied when it is added.</summary>
public sealed record HookOptions
{
    /// <summary>The hook's name in <c>telemetry_hook_runs_total{hook}</c> and in messages. Hooks of one name share their numbers.
    /// Default: null, which is what the hook is for: <c>record</c>, <c>collect</c>, <c>export</c>, <c>event</c> or <c>error</c>.</summary>
    public string? Name { get; init; }

    /// <summary>The most items that wait for the hook; further ones are dropped and counted in
    /// <c>telemetry_dropped_total{signal="hooks",reason="buffer_full"}</c>. From 1. Default: 1024.</summary>
    public int QueueCapacity { get; init; } = 1024;

    /// <summary>How long one run may take before it is counted as <c>timeout</c> and reported once. The run is not ended: nothing can do that.
    /// More than zero. Default: 5 seconds.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(5);

    internal HookOptions Checked()
    {
        if (QueueCapacity < 1) throw new ArgumentException($"{nameof(HookOptions)}.{nameof(QueueCapacity)}: {QueueCapacity} holds nothing. Allowed: from 1.");
        if (TimeLimit <= TimeSpan.Zero) throw new ArgumentException($"{nameof(HookOptions)}.{nameof(TimeLimit)}: {TimeLimit} is no time to run. Allowed: more than zero, such as 5 seconds.");
        return this;
    }
}
