using System.Diagnostics;
using OtelTelemetry.Instrumentation;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Tests.Generators;

public enum OrderKind
{
    Book,
    ExpressParcel,

    [MetricLabelValue("gift!")]
    Gift,
}

internal interface IMeasuredDesk
{
    [Traced("desk.answer", Source = MeasuredShop.Source)]
    string Answer(string question);
}

/// <summary>Methods of every shape that are measured.</summary>
internal sealed class MeasuredShop : IMeasuredDesk
{
    internal const string Source = "tests.measured";

    internal Activity? Seen { get; private set; }

    [Traced(Source = Source, Kind = ActivityKind.Client)]
    internal int Add([SpanAttribute] int firstAmount, [SpanAttribute("second")] string second, string secret)
    {
        Seen = Activity.Current;
        return firstAmount + second.Length + secret.Length;
    }

    [Traced("static", Source = Source)]
    internal static void Static() => throw new InvalidOperationException("no static");

    [Traced("task", Source = Source)]
    internal async Task TaskAsync(Task until)
    {
        Seen = Activity.Current;
        await until;
        Seen = Activity.Current;
    }

    [Traced("task of result", Source = Source)]
    internal async Task<int> ResultAsync(Task until)
    {
        await until;
        return 42;
    }

    [Traced("value task", Source = Source)]
    internal async ValueTask ValueAsync(Task until) => await until;

    [Traced("value task of result", Source = Source)]
    internal async ValueTask<string> ValueResultAsync(Task until)
    {
        await until;
        return "done";
    }

    [Traced("not async", Source = Source)]
    internal Task NotAsync(int amount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(amount);
        return Task.CompletedTask;
    }

    [Traced("generic", Source = Source)]
    internal static TOther Generic<TOne, TOther>(TOne one, [SpanAttribute("other")] TOther other)
        where TOne : class, IDisposable, new()
        where TOther : notnull
    {
        one.Dispose();
        return other;
    }

    [Traced("references", Source = Source)]
    internal static ref int References(ref int inOut, in long read, out string made, ReadOnlySpan<char> span, params int[] rest)
    {
        inOut += (int)read + rest.Length;
        made = span.ToString();
        return ref inOut;
    }

    [Counted("measured_shop_orders_total", Help = "Orders.")]
    [Timed("measured_shop_order_seconds", Buckets = [0.5, 1.5])]
    internal static async Task<int> OrderAsync([MetricLabel] OrderKind kind, [MetricLabel("far")] bool isFar, [MetricLabel] int floor, [MetricLabel] string? city, int amount)
    {
        await Task.Yield();
        return amount >= 0 ? amount : throw new ArgumentOutOfRangeException(nameof(amount));
    }

    [Counted("measured_shop_calls_total")]
    internal static void Call(bool fails)
    {
        if (fails) throw new TimeoutException();
    }

    [Timed("measured_shop_calls_total")]
    internal static void NameOfAnother()
    {
    }

    public string Answer(string question) => question + "!";

    internal readonly struct Point(int x)
    {
        [Traced("struct", Source = Source)]
        internal int Twice() => 2 * x;
    }

    internal sealed class Box<T>(T content)
    {
        [Traced("generic type", Source = Source)]
        internal (T Content, TOther Other) With<TOther>(TOther other) => (content, other);
    }
}

internal static class MeasuredExtensions
{
    [Traced("extension", Source = MeasuredShop.Source)]
    internal static int Length(this string text, int more) => text.Length + more;
}
