namespace OtelTelemetry.Hooks;

/// <summary>
/// Whether this thread runs a hook. What a hook records, collects or reports is given to no hook: two hooks that answer each other
/// would otherwise never rest.
/// </summary>
internal static class HookThread
{
    [ThreadStatic]
    internal static bool IsRunningHook;
}
