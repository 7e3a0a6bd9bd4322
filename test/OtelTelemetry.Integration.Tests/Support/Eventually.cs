using System.Diagnostics;

namespace OtelTelemetry.Integration.Tests.Support;

/// <summary>Polls what another process does at its own pace, with a deadline.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Returns the first value that satisfies the condition. A failed request counts as "not yet".</summary>
    /// <exception cref="TimeoutException">Nothing did before the deadline; the message holds the last value or error.</exception>
    public static async Task<T> Get<T>(string what, Func<Task<T>> read, Func<T, bool> condition, TimeSpan? within = null)
    {
        var deadline = within ?? Soon;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            string last;
            try
            {
                var value = await read();
                if (condition(value)) return value;
                last = $"last seen: {Describe(value)}";
            }
            catch (HttpRequestException exception)
            {
                last = exception.Message;
            }

            if (Stopwatch.GetElapsedTime(started) > deadline)
            {
                throw new TimeoutException($"Not within {deadline.TotalSeconds:0} s: {what}; {last}");
            }

            await Task.Delay(s_pause);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task True(string what, Func<Task<bool>> condition, TimeSpan? within = null) =>
        Get(what, condition, holds => holds, within);

    private static string Describe<T>(T value) =>
        value is System.Collections.IEnumerable items and not string
            ? "[" + string.Join(", ", items.Cast<object>().Take(20)) + "]"
            : value?.ToString() ?? "null";
}
