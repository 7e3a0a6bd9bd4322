using System.Text.Json;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Integration.Recorder;

/// <summary>
/// Reads the delivery's account all the time, and ends the process when it is wrong: when accepted + adopted is not delivered + dropped +
/// pending, when something that happened is taken back, or when more calls of the application are missing in it than the SDK's batch can hold.
/// </summary>
internal sealed class AccountWatch(DeliveryMonitor delivery) : IDisposable
{
    /// <summary>The SDK's queue and the batch that leaves it, by their defaults.</summary>
    private const int MostInBatch = 2048 + 512;

    /// <summary>Every so many moments the accounts are said, for who looks from outside.</summary>
    private const int MomentsPerLine = 100;

    private readonly Dictionary<string, long[]> _before = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stopping = new();
    private Thread? _thread;

    public long Moments { get; private set; }

    public CallCount Spans { get; } = new();

    public CallCount Logs { get; } = new();

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "account" };
        _thread.Start();
    }

    /// <summary>Ends after a last look, which is said.</summary>
    public void Stop()
    {
        _stopping.Cancel();
        _thread?.Join();
        Moments -= Moments % MomentsPerLine;
        Look();
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>The account of a destination; null before its first request.</summary>
    public DestinationReport? Of(string destination) => delivery.GetReport().Destinations.FirstOrDefault(report => report.Name == destination);

    private void Run()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Look();
            Thread.Sleep(1);
        }
    }

    private void Look()
    {
        var (spans, logs) = (Spans.Ended, Logs.Ended);
        var report = delivery.GetReport();
        foreach (var account in report.Destinations)
        {
            Check(account);
            if (account.Name == "otlp_traces") Check(account, spans, Spans.Begun);
            if (account.Name == "otlp_logs") Check(account, logs, Logs.Begun);
            if (Moments % MomentsPerLine == 0) Say(account);
        }

        Moments++;
    }

    private void Check(DestinationReport account)
    {
        var dropped = account.Dropped.Values.Sum();
        if (account.Accepted + account.Adopted != account.Delivered + dropped + account.PendingItems) Lines.Broken($"the account does not add up: {account}");
        if (account.PendingItems < 0 || account.PendingRequests < 0 || account.PendingBytes < 0) Lines.Broken($"less than nothing is pending: {account}");
        long[] now = [account.Accepted, account.Adopted, account.Delivered, dropped, account.Attempts, account.FailedAttempts];
        if (_before.TryGetValue(account.Name, out var before) && now.Zip(before).Any(pair => pair.First < pair.Second)) Lines.Broken($"something was taken back: {account}");
        _before[account.Name] = now;
    }

    private static void Check(DestinationReport account, long ended, long begun)
    {
        if (account.Accepted > begun || ended - account.Accepted > MostInBatch) Lines.Broken($"between {ended} and {begun} calls are not what was accepted: {account}");
    }

    private static void Say(DestinationReport account) => Lines.Say("account " + JsonSerializer.Serialize(new
    {
        account.Name, account.Accepted, account.Adopted, account.Delivered, account.Dropped, Pending = account.PendingItems, account.Attempts, account.FailedAttempts, account.LastError,
    }));
}
