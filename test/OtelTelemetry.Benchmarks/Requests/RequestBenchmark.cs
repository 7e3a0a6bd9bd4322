using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
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
    private const int Rounds = 101;
    private const int RequestsPerRound = 500;
    private const int Connections = 8;

    internal static async Task<BenchmarkResult> RunAsync()
    {
        var sink = await StartSinkAsync().ConfigureAwait(false);
        using var plain = new AppProcess("plain", sink.Urls.First());
        using var ours = new AppProcess("ours", sink.Urls.First());
        using var client = new HttpClient();
        foreach (var app in new[] { plain, ours })
        {
            await app.WaitAsync(client).ConfigureAwait(false);
            for (var warm = 0; warm < 20; warm++) await MeasureAsync(client, app).ConfigureAwait(false);
        }

        var pairs = new List<(Usage Plain, Usage Ours)>();
        for (var round = 0; round < Rounds; round++)
        {
            var swapped = round % 2 == 1;
            var first = await MeasureAsync(client, swapped ? ours : plain).ConfigureAwait(false);
            var second = await MeasureAsync(client, swapped ? plain : ours).ConfigureAwait(false);
            pairs.Add(swapped ? (second, first) : (first, second));
        }

        await sink.DisposeAsync().ConfigureAwait(false);
        return new BenchmarkResult(
            "whole request",
            PairedBenchmark.Median(pairs.Select(pair => pair.Plain.Microseconds)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Ours.Microseconds)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Ours.Microseconds / pair.Plain.Microseconds)),
            PairedBenchmark.Median(pairs.Select(pair => pair.Ours.Bytes - pair.Plain.Bytes)),
            "µs CPU");
    }

    /// <summary>What a request uses.</summary>
    private static async Task<Usage> MeasureAsync(HttpClient client, AppProcess app)
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

    private sealed class AppProcess : IDisposable
    {
        private readonly Process _process;

        internal AppProcess(string kind, string sink)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            Url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
            listener.Stop();
            _process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!)
            {
                ArgumentList = { typeof(RequestBenchmark).Assembly.Location, "request-app", kind, Url, sink },
            })!;
        }

        internal string Url { get; }

        public void Dispose()
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        internal async Task WaitAsync(HttpClient client)
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    await UsedAsync(client).ConfigureAwait(false);
                    return;
                }
                catch (HttpRequestException) when (attempt < 100)
                {
                    await Task.Delay(100).ConfigureAwait(false);
                }
            }
        }

        internal async Task<Usage> UsedAsync(HttpClient client)
        {
            var parts = (await client.GetStringAsync(new Uri(Url + "/used")).ConfigureAwait(false)).Split(' ');
            return new(double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
        }
    }

    private readonly record struct Usage(double Microseconds, double Bytes);
}
