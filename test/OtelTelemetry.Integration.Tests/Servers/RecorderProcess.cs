using System.Globalization;
using System.Text.Json;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>The account of one destination, as the recorder said it at one moment.</summary>
internal sealed record SaidAccount(
    string Name, long Accepted, long Adopted, long Delivered, IReadOnlyDictionary<string, long> Dropped, long Pending, long Attempts, long FailedAttempts, string? LastError)
{
    public bool AddsUp => Accepted + Adopted == Delivered + Dropped.Values.Sum() + Pending;

    public override string ToString() =>
        $"{Name}: accepted {Accepted} + adopted {Adopted} = delivered {Delivered} + dropped {string.Join(", ", Dropped.Select(pair => $"{pair.Key} {pair.Value}"))} + pending {Pending}; attempts {Attempts}, failed {FailedAttempts}";
}

/// <summary>What an application recorded more than its queue takes, and how much of it found the queue full.</summary>
internal sealed record Flooded(long Calls, long Refused);

/// <summary>One life of the application that records in rounds (OtelTelemetry.Integration.Recorder). It goes no further than it is let.</summary>
internal sealed class RecorderProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_longEnough = TimeSpan.FromSeconds(90);
    private readonly ServerProcess _process;
    private readonly string _gates;
    private int _open;

    private RecorderProcess(ServerProcess process, string gates, int first)
    {
        _process = process;
        _gates = gates;
        _open = first - 1;
        First = first;
    }

    public int First { get; }

    /// <summary>The last round it began.</summary>
    public int Begun => Lines("begin").Select(Number).LastOrDefault(First - 1);

    /// <summary>The last round of which it knows that everything was accepted.</summary>
    public int Accepted => Lines("accepted").Select(Number).LastOrDefault(First - 1);

    /// <summary>Every account it said.</summary>
    public IReadOnlyList<SaidAccount> Accounts => [.. Lines("account").Select(line => JsonSerializer.Deserialize<SaidAccount>(line)!)];

    /// <summary>At how many moments it found the account right, and how many bytes it had in use at the end.</summary>
    public (long Moments, long Bytes) Done => Lines("done").Select(line => line.Split(' ')).Select(parts => (long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture))).Single();

    public static RecorderProcess Start(string gates, int first, int last, params (string Name, string Value)[] settings)
    {
        var environment = settings.ToDictionary(setting => setting.Name, setting => setting.Value);
        environment["Recorder__First"] = first.ToString(CultureInfo.InvariantCulture);
        environment["Recorder__Last"] = last.ToString(CultureInfo.InvariantCulture);
        environment["Recorder__Gates"] = gates;
        const string name = "OtelTelemetry.Integration.Recorder";
        var program = Repository.PathTo("test", name, "bin", Repository.Configuration, Repository.Framework, $"{name}.dll");
        return new RecorderProcess(ServerProcess.Start("dotnet", [program], ServerProcess.CreateDataFolder(), environment, new OutputBuffer(int.MaxValue)), gates, first);
    }

    /// <summary>The last account of a destination.</summary>
    public SaidAccount Account(string destination) => Accounts.Last(account => account.Name == destination);

    public Flooded Flooded(string signal)
    {
        var parts = Lines("flooded").Select(line => line.Split(' ')).Single(parts => parts[0] == signal);
        return new Flooded(long.Parse(parts[1], CultureInfo.InvariantCulture), long.Parse(parts[2], CultureInfo.InvariantCulture));
    }

    /// <summary>Lets it record up to a round.</summary>
    public void Let(int last)
    {
        for (; _open < last; _open++) File.WriteAllText(Path.Combine(_gates, (_open + 1).ToString(CultureInfo.InvariantCulture)), "");
    }

    /// <summary>Waits until everything up to a round was accepted.</summary>
    public async Task Reach(int round)
    {
        var accepted = await Eventually.Get($"round {round} accepted", () => Task.FromResult((Accepted, _process.HasExited)), seen => seen.Accepted >= round || seen.HasExited, s_longEnough);
        if (accepted.Accepted < round && Accepted < round) throw new InvalidOperationException($"It ended with code {_process.ExitCode} after round {Accepted}:\n{_process.Output}");
    }

    /// <summary>Lets it record so many rounds more, and waits until they were accepted.</summary>
    public Task Record(int rounds)
    {
        Let(_open + rounds);
        return Reach(_open);
    }

    /// <summary>Waits until it ends by itself, as it does when everything is delivered.</summary>
    public async Task End()
    {
        var code = await _process.WaitForExit(s_longEnough);
        if (code != 0) throw new InvalidOperationException($"It ended with code {code}:\n{_process.Output}");
    }

    /// <summary>Ends it at once, as a crash does.</summary>
    public Task Kill() => _process.Kill();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private IEnumerable<string> Lines(string kind) =>
        _process.Output.Lines.Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal)).Select(line => line[(kind.Length + 1)..]);
}
