using System.Net.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Benchmarks.Requests;

/// <summary>
/// The processor time of a whole HTTP request. Listeners of spans and meters are one set a process, so the two applications
/// run in processes of their own; some hundred requests go to the one and to the other in turn, and each tells its own processor time.
/// The bytes are what ours allocates more than the other.
/// </summary>
internal static class RequestBenchmark
{
    /// <summary>Where a process lands in memory and on the cores shifts all of its figures: several pairs of processes are tried, the middle one counts.</summary>
    private const int Launches = 5;

    private const int WarmUpRounds = 60;
    private const int Rounds = 41;
    private const int RequestsPerRound = 500;
    private const int Connections = 8;

    internal static async Task<BenchmarkResult> RunAsync()
    {
        var sink = await StartSinkAsync().ConfigureAwait(false);
        var launches = new List<BenchmarkResult>();
        for (var launch = 0; launch < Launches; launch++) launches.Add(await LaunchAsync(sink.Urls.First(), swapped: launch % 2 == 1).ConfigureAwait(false));
        await sink.DisposeAsync().ConfigureAwait(false);
        return launches.OrderBy(launch => launch.Ratio).ElementAt(Launches / 2);
    }

    private static async Task<BenchmarkResult> LaunchAsync(string sink, bool swapped)
    {
        using var first = new AppProcess(swapped ? "ours" : "plain", sink, "");
        using var second = new AppProcess(swapped ? "plain" : "ours", sink, "");
        var (plain, ours) = swapped ? (second, first) : (first, second);
        using var client = new HttpClient();
        foreach (var app in new[] { plain, ours }) await app.WaitAsync(client).ConfigureAwait(false);
        var pairs = new List<(AppUsage Plain, AppUsage Ours)>();
        for (var round = -WarmUpRounds; round < Rounds; round++)
        {
            var oursFirst = round % 2 != 0;
            var one = await MeasureAsync(client, oursFirst ? ours : plain).ConfigureAwait(false);
            var other = await MeasureAsync(client, oursFirst ? plain : ours).ConfigureAwait(false);
            if (round >= 0) pairs.Add(oursFirst ? (other, one) : (one, other));
        }

        return new BenchmarkResult(
            "whole request",
            PairedBenchmark.Median(pairs.Select(pair => pair.Plain.Microseconds)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Ours.Microseconds)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Ours.Microseconds / pair.Plain.Microseconds)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Ours.Bytes - pair.Plain.Bytes)),
            "µs CPU");
    }

    /// <summary>What a request uses.</summary>
    private static async Task<AppUsage> MeasureAsync(HttpClient client, AppProcess app)
    {
        var before = await app.UsedAsync(client).ConfigureAwait(false);
        await Parallel.ForEachAsync(
            Enumerable.Range(1, RequestsPerRound),
            new ParallelOptions { MaxDegreeOfParallelism = Connections },
            async (id, end) => await client.GetByteArrayAsync(new Uri($"{app.Url}/orders/{id}"), end).ConfigureAwait(false)).ConfigureAwait(false);
        var after = await app.UsedAsync(client).ConfigureAwait(false);
        return new((after.Microseconds - before.Microseconds) / RequestsPerRound, (after.Bytes - before.Bytes) / RequestsPerRound);
    }

    /// <summary>Takes everything that is pushed by OTLP.</summary>
    private static async Task<WebApplication> StartSinkAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/v1/{signal}", async (HttpContext context) =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null).ConfigureAwait(false);
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync().ConfigureAwait(false);
        return app;
    }
}
