using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>A real OTLP receiver over HTTP and gRPC (OtlpReceiver/receiver.js). It decodes with classes the product does not share.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly ServerProcess _process;
    private readonly HttpClient _http;

    private OtlpReceiver(ServerProcess process, int httpPort, int grpcPort)
    {
        _process = process;
        HttpEndpoint = new Uri($"http://127.0.0.1:{httpPort}");
        GrpcEndpoint = new Uri($"http://127.0.0.1:{grpcPort}");
        _http = new HttpClient { BaseAddress = HttpEndpoint };
    }

    public Uri HttpEndpoint { get; }

    public Uri GrpcEndpoint { get; }

    /// <summary>Ends it at once, as a crash does.</summary>
    public Task Kill() => _process.Kill();

    /// <summary>Starts a receiver.</summary>
    /// <param name="like">One that is gone, in whose place it comes; null for free ports.</param>
    /// <param name="file">Where it writes down what arrives; null for nowhere.</param>
    /// <param name="brief">Whether it only writes down which items arrive (<see cref="ArrivedItems"/>), for many.</param>
    public static async Task<OtlpReceiver> Start(OtlpReceiver? like = null, string? file = null, bool brief = false)
    {
        var script = Repository.PathTo("test", "OtelTelemetry.Integration.Tests", "OtlpReceiver", "receiver.js");
        var process = ServerProcess.Start(
            "node",
            [script, $"{like?.HttpEndpoint.Port ?? 0}", $"{like?.GrpcEndpoint.Port ?? 0}", .. file is null ? (string[])[] : [file], .. brief ? (string[])["brief"] : []],
            ServerProcess.CreateDataFolder());
        await process.WaitUntilReady(() => Task.FromResult(process.Output.Lines.Any(line => line.StartsWith('{'))));
        var ports = JsonNode.Parse(process.Output.Lines.First(line => line.StartsWith('{')))!;
        return new OtlpReceiver(process, (int)ports["http"]!, (int)ports["grpc"]!);
    }

    /// <summary>Every export request so far, in the order of arrival.</summary>
    public async Task<IReadOnlyList<OtlpExport>> Exports() =>
        (await _http.GetFromJsonAsync<List<OtlpExport>>("/exports", JsonSerializerOptions.Web))!;

    /// <summary>Every span so far.</summary>
    public async Task<IReadOnlyList<OtlpSpan>> Spans() => [.. (await Exports()).SelectMany(OtlpSpan.In)];

    /// <summary>Every log record so far.</summary>
    public async Task<IReadOnlyList<OtlpLog>> Logs() => [.. (await Exports()).SelectMany(OtlpLog.In)];

    /// <summary>Every metric point so far, of every export.</summary>
    public async Task<IReadOnlyList<OtlpPoint>> Points() => [.. (await Exports()).SelectMany(OtlpPoint.In)];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }
}
