namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>The time of all processors since the start of the machine by what they did, in ticks of a hundredth of a second. Immutable.</summary>
internal readonly struct CpuTimes
{
    /// <summary>USER_HZ, the kernel's unit of time towards programs: 100 on every architecture .NET runs on.</summary>
    public const double TicksPerSecond = 100;

    /// <summary>What processors do, by the names of OpenTelemetry's semantic conventions (attribute <c>cpu.mode</c>).</summary>
    public static readonly string[] Modes = ["user", "nice", "system", "idle", "iowait", "interrupt", "steal"];

    private readonly Ticks _ticks;

    private CpuTimes(Ticks ticks) => _ticks = ticks;

    [System.Runtime.CompilerServices.InlineArray(7)]
    private struct Ticks
    {
        private ulong _first;
    }

    /// <summary>The ticks of a mode, in the order of <see cref="Modes"/>.</summary>
    public ulong this[int mode] => _ticks[mode];

    public ulong Total
    {
        get
        {
            var total = 0UL;
            foreach (var ticks in (ReadOnlySpan<ulong>)_ticks) total += ticks;
            return total;
        }
    }

    /// <summary>Reads <c>/proc/stat</c>. The time of virtual machines is part of user time and not counted again.</summary>
    /// <returns>Whether the text has the times of all processors.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out CpuTimes times)
    {
        times = default;
        Span<ulong> numbers = stackalloc ulong[8]; // user nice system idle iowait irq softirq steal
        while (TextFields.TryNextLine(ref text, out var line))
        {
            var fields = new TextFields(line);
            if (!fields.TryNext(out var name) || !name.SequenceEqual("cpu"u8)) continue;
            if (fields.ReadNumbers(numbers) < 4) return false; // The first four are there since ever.
            var ticks = default(Ticks);
            numbers[..5].CopyTo(ticks);
            ticks[5] = numbers[5] + numbers[6];
            ticks[6] = numbers[7];
            times = new CpuTimes(ticks);
            return true;
        }

        return false;
    }

    /// <summary>The part of the time between two readings that a mode took, from 0 to 1; NaN where no time has passed.</summary>
    public static double Share(in CpuTimes before, in CpuTimes now, int mode)
    {
        var total = now.Total - (double)before.Total;
        return total > 0 ? Math.Clamp((now[mode] - (double)before[mode]) / total, 0, 1) : double.NaN;
    }
}
