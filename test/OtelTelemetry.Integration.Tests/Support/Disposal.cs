namespace OtelTelemetry.Integration.Tests.Support;

internal static class Disposal
{
    /// <summary>Disposes everything that was made, in order, also when the set-up ended half-way.</summary>
    public static async Task Of(params IAsyncDisposable?[] things)
    {
        foreach (var thing in things)
        {
            if (thing is not null) await thing.DisposeAsync();
        }
    }
}
