namespace OtelTelemetry.Integration.Recorder;

/// <summary>What is to be recorded (section <c>Recorder</c>).</summary>
/// <param name="First">The first round.</param>
/// <param name="Last">The last round.</param>
/// <param name="Gates">A folder: before round R the recorder waits for the file <c>R</c> in it.</param>
/// <param name="Items">How many spans and how many log records a round has; 0 for none.</param>
/// <param name="Destination">Where metrics go.</param>
/// <param name="FlushLimit">How long the flush at the end of a round may wait for the backend.</param>
/// <param name="Floods">Whether, at the end, more spans and log records are recorded than their queues take.</param>
internal sealed record RecorderPlan(int First, int Last, string Gates, int Items, string Destination, TimeSpan FlushLimit, bool Floods)
{
    /// <summary>How many series the counter has.</summary>
    public const int Shards = 10;

    /// <summary>How many increments of each series a round has.</summary>
    public const int IncrementsPerShard = 1000;

    public static RecorderPlan From(IConfiguration configuration)
    {
        var section = configuration.GetRequiredSection("Recorder");
        return new RecorderPlan(
            section.GetValue<int>("First"),
            section.GetValue<int>("Last"),
            section.GetValue<string>("Gates")!,
            section.GetValue<int>("Items"),
            section.GetValue<string>("Destination")!,
            section.GetValue("FlushLimit", Timeout.InfiniteTimeSpan),
            section.GetValue<bool>("Floods"));
    }
}
