using System.Text.Json.Nodes;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>Takes the place of Amazon CloudWatch; AWS's own library for Python checks signatures and parameters (CloudWatchServer/server.py).</summary>
internal sealed class CloudWatchServer : IAsyncDisposable
{
    public const string AccessKeyId = "AKIDEXAMPLE";
    public const string SecretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private readonly ServerProcess _process;

    private CloudWatchServer(ServerProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>What it said of each request: <c>status</c>, <c>error</c>, <c>compressed</c> and the <c>parameters</c>.</summary>
    public IReadOnlyList<JsonNode> Requests => [.. _process.Output.Lines.Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!)];

    /// <summary>Every metric it accepted.</summary>
    public IEnumerable<JsonNode> Metrics => Requests.Where(request => (int)request["status"]! == 200).SelectMany(request => request["parameters"]!["MetricData"]!.AsArray()).Select(metric => metric!);

    public static async Task<CloudWatchServer> Start()
    {
        var port = FreePort.Next();
        var script = Repository.PathTo("test", "OtelTelemetry.Integration.Tests", "CloudWatchServer", "server.py");

        // Debian's own Python, which is the one that sees Debian's packages.
        var process = ServerProcess.Start("/usr/bin/python3", [script, $"{port}", AccessKeyId, SecretAccessKey], ServerProcess.CreateDataFolder());
        await process.WaitUntilReady(() => Task.FromResult(process.Output.Lines.Contains("ready")));
        return new CloudWatchServer(process, new Uri($"http://127.0.0.1:{port}"));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
