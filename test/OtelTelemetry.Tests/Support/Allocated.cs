namespace OtelTelemetry.Tests.Support;

/// <summary>What code allocates on this thread.</summary>
internal static class Allocated
{
    /// <summary>The bytes of the run, of three, that allocated least: the runtime itself, and listeners of other tests of the process, allocate now and then in between.</summary>
    public static long Least(Action run)
    {
        var least = long.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
