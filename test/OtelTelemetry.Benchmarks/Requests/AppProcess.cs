using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;

namespace OtelTelemetry.Benchmarks.Requests;

/// <summary>What a process used, or a request of it.</summary>
internal readonly record struct AppUsage(double Microseconds, double Bytes);

/// <summary>One of the applications that requests are sent to, in a process of its own.</summary>
internal sealed class AppProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="kind">"plain" or "ours".</param>
    /// <param name="sink">Where it pushes its telemetry by OTLP.</param>
    /// <param name="outbox">The file of its outbox, or empty for none.</param>
    internal AppProcess(string kind, string sink, string outbox)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var again = CaseProcess.Again("request-app", kind, Url, sink, outbox);

        // Idle threads of the pool would spin a while for more work, and drown the requests' own time.
        again.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        _process = Process.Start(again)!;
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

    internal async Task<AppUsage> UsedAsync(HttpClient client)
    {
        var parts = (await client.GetStringAsync(new Uri(Url + "/used")).ConfigureAwait(false)).Split(' ');
        return new(double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }
}
