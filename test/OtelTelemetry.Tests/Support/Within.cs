namespace OtelTelemetry.Tests.Support;

/// <summary>Waits for what happens on other threads, with an end.</summary>
public static class Within
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    /// <summary>Moves a clock step by step until something is so.</summary>
    public static async Task Steps(FakeClock clock, TimeSpan step, Func<bool> condition, string what)
    {
        var end = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(end) > s_limit) Assert.Fail($"It did not come true: {what}");
            clock.Advance(step);
            await Pause();
        }
    }

    /// <summary>Waits until something is so; no clock moves.</summary>
    public static async Task Time(Func<bool> condition, string what)
    {
        var end = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            if (TimeProvider.System.GetElapsedTime(end) > s_limit) Assert.Fail($"It did not come true: {what}");
            await Pause();
        }
    }

    private static Task Pause() => Task.Delay(2);
}
