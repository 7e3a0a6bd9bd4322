namespace OtelTelemetry.Integration.Recorder;

/// <summary>Says things on standard output, one whole line at a time. Thread-safe.</summary>
internal static class Lines
{
    private static readonly Lock s_gate = new();

    public static void Say(string line)
    {
        lock (s_gate) Console.Out.WriteLine(line);
    }

    /// <summary>Says what is wrong and ends the process.</summary>
    public static void Broken(string what)
    {
        Say($"broken {what}");
        Environment.Exit(3);
    }
}
