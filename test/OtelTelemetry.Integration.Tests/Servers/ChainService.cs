using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>One of several services that call each other: a process of its own, with the trace context formats it is given.</summary>
internal sealed class ChainService : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private ChainService(ServerProcess process, Uri address)
    {
        _process = process;
        Address = address;
    }

    public Uri Address { get; }

    /// <summary>Starts a link.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="propagators">Its formats, as in <c>OTEL_PROPAGATORS</c>.</param>
    /// <param name="receiver">Where its spans go.</param>
    /// <param name="next">Which it calls; null for the last one.</param>
    public static async Task<ChainService> Start(string name, string propagators, OtlpReceiver receiver, ChainService? next)
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        var environment = new Dictionary<string, string>
        {
            ["OTEL_SERVICE_NAME"] = name,
            ["OTEL_PROPAGATORS"] = propagators,
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.HttpEndpoint.ToString(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        };
        if (next is not null) environment["Next"] = next.Address.ToString();
        var process = ServerProcess.Start("dotnet", [Repository.PathToTestProgram("OtelTelemetry.ChainService"), "--urls", address.ToString()], ServerProcess.CreateDataFolder(), environment);
        await process.WaitUntilReady(() => Task.FromResult(process.Output.Lines.Any(line => line.Contains("The link is there.", StringComparison.Ordinal))));
        return new ChainService(process, address);
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
