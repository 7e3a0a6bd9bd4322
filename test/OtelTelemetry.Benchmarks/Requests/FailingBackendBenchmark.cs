using System.Diagnostics;
using System.Globalization;
using System.Net.Http;

namespace OtelTelemetry.Benchmarks.Requests;

/// <summary>
/// What the users of an application notice of a backend that fails: how long its requests take while telemetry cannot be
/// delivered, against the same application with a backend that takes everything. The two are processes of their own, and get
/// some hundred requests in turn, on one connection, so that nothing but the application is waited for.
/// </summary>
internal static class FailingBackendBenchmark
{
    private const int Launches = 3;
    private const int WarmUpRounds = 40;
    private const int Rounds = 61;
    private const int RequestsPerRound = 300;

    internal static async Task RunAsync(string part)
    {
        var backend = await FailingBackend.StartAsync().ConfigureAwait(false);
        await using var end = backend.ConfigureAwait(false);
        var server = backend.Urls.First();
        var folder = Directory.CreateTempSubdirectory("backends-benchmark-");
        var disk = Path.Combine(folder.FullName, "disk");
        var cases = new (string Name, string Sink, Func<int, string>? Outbox)[]
        {
            ("takes everything", server + "/takes", null),
            ("refuses connections", "http://127.0.0.1:9", null),
            ("never answers", server + "/silent", null),
            ("429 with Retry-After", server + "/busy", null),
            ("400", server + "/refuses", null),
            ("breaks off in the answer", server + "/breaks", null),
            ("away, outbox in a file", "http://127.0.0.1:9", launch => Path.Combine(folder.FullName, $"outbox-{launch}.db")),
            ("away, full disk", "http://127.0.0.1:9", launch => Path.Combine(disk, $"outbox-{launch}.db")),
            ("away, damaged outbox", "http://127.0.0.1:9", launch => Damaged(Path.Combine(folder.FullName, $"damaged-{launch}.db"))),
        };
        Console.WriteLine("| backend | median request, backend well | median request | ratio | 99th percentile, ratio |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var (name, sink, outbox) in cases)
        {
            if (!name.Contains(part, StringComparison.OrdinalIgnoreCase)) continue;
            var full = name.Contains("full disk", StringComparison.Ordinal);
            if (full && !Mount(disk)) continue;
            var launches = new List<Outcome>();
            for (var launch = 0; launch < Launches; launch++)
            {
                launches.Add(await LaunchAsync(server + "/takes", sink, outbox?.Invoke(launch) ?? "", swapped: launch % 2 == 1).ConfigureAwait(false));
            }

            if (full) Run("umount", disk);
            var middle = launches.OrderBy(launch => launch.Ratio).ElementAt(Launches / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {middle.Well:0.0} µs | {middle.Failing:0.0} µs | {middle.Ratio:0.000} | {middle.Tail:0.000} |"));
        }

        folder.Delete(recursive: true);
    }

    private static async Task<Outcome> LaunchAsync(string well, string failing, string outbox, bool swapped)
    {
        using var first = new AppProcess("ours", swapped ? failing : well, swapped ? outbox : "");
        using var second = new AppProcess("ours", swapped ? well : failing, swapped ? "" : outbox);
        using var client = new HttpClient();
        foreach (var app in new[] { first, second }) await app.WaitAsync(client).ConfigureAwait(false);
        var all = (First: new List<double>(), Second: new List<double>());
        var pairs = new List<(double First, double Second)>();
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            var one = await MeasureAsync(client, round % 2 == 0 ? first : second).ConfigureAwait(false);
            var other = await MeasureAsync(client, round % 2 == 0 ? second : first).ConfigureAwait(false);
            if (round < 0) continue;
            var (ofFirst, ofSecond) = round % 2 == 0 ? (one, other) : (other, one);
            all.First.AddRange(ofFirst);
            all.Second.AddRange(ofSecond);
            pairs.Add((PairedBenchmark.Median(ofFirst), PairedBenchmark.Median(ofSecond)));
        }

        if (swapped)
        {
            all = (all.Second, all.First);
            pairs = pairs.ConvertAll(pair => (pair.Second, pair.First));
        }

        return new Outcome(
            PairedBenchmark.Median(pairs.Select(pair => pair.First)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Second)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Second / pair.First)),
            Tail(all.Second) / Tail(all.First));
    }

    /// <summary>Microseconds of each request, as the client sees them.</summary>
    private static async Task<double[]> MeasureAsync(HttpClient client, AppProcess app)
    {
        var took = new double[RequestsPerRound];
        for (var id = 0; id < took.Length; id++)
        {
            var address = new Uri($"{app.Url}/orders/{id}");
            var started = Stopwatch.GetTimestamp();
            await client.GetByteArrayAsync(address).ConfigureAwait(false);
            took[id] = Stopwatch.GetElapsedTime(started).TotalMicroseconds;
        }

        return took;
    }

    private static double Tail(List<double> values) => values.Order().ElementAt(values.Count * 99 / 100);

    private static string Damaged(string path)
    {
        var noise = new byte[64 * 1024];
        new Random(1).NextBytes(noise);
        "SQLite format 3\0"u8.CopyTo(noise);
        File.WriteAllBytes(path, noise);
        return path;
    }

    /// <summary>A disk with room for little more than an empty database.</summary>
    private static bool Mount(string path)
    {
        Directory.CreateDirectory(path);
        if (Run("mount", "-t", "tmpfs", "-o", "size=128k", "tmpfs", path)) return true;
        Console.WriteLine("(a full disk is a small tmpfs, and mounting one needs root on Linux: left out)");
        return false;
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private readonly record struct Outcome(double Well, double Failing, double Ratio, double Tail);
}
