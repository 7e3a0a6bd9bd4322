using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace OtelTelemetry.AspNetCore.Tests.Support;

/// <summary>Keeps the records of requests, as an exporter of log records sees them.</summary>
internal sealed class RequestRecords : BaseProcessor<LogRecord>
{
    private const string Enabled = "Telemetry:Requests:Logging:Enabled";

    private readonly ConcurrentQueue<RequestRecord> _records = new();
    private readonly SemaphoreSlim _arrived = new(0);

    public IReadOnlyList<RequestRecord> All => [.. _records];

    /// <summary>A host whose records come here.</summary>
    public Task<WebHost> Host(Action<WebApplication> map, params (string Key, string Value)[] settings) => Host(map, _ => { }, realServer: true, settings);

    public Task<WebHost> Host(Action<WebApplication> map, Action<WebApplicationBuilder> build, bool realServer, params (string Key, string Value)[] settings) => WebHost.Start(
        map,
        builder =>
        {
            builder.Services.ConfigureOpenTelemetryLoggerProvider(logs => logs.AddProcessor(this));
            build(builder);
        },
        null,
        realServer,
        settings.Any(setting => setting.Key == Enabled) ? settings : [(Enabled, "true"), .. settings]);

    /// <summary>The records, once there are as many as expected: they are written after the client has its answer.</summary>
    public async Task<RequestRecord[]> Wait(int count)
    {
        while (_records.Count < count)
        {
            if (!await _arrived.WaitAsync(TimeSpan.FromSeconds(10))) Assert.Fail($"Only {_records.Count} records were written.");
        }

        return [.. _records];
    }

    public async Task<RequestRecord> Single() => (await Wait(1)).Single();

    public override void OnEnd(LogRecord data)
    {
        if (data.CategoryName != "OtelTelemetry.Requests") return;
        _records.Enqueue(new(
            data.LogLevel, data.EventId, data.FormattedMessage ?? "", data.Attributes!.ToDictionary(pair => pair.Key, pair => pair.Value), data.TraceId, data.SpanId));
        _arrived.Release();
    }
}

internal sealed record RequestRecord(LogLevel Level, EventId Event, string Message, IReadOnlyDictionary<string, object?> Fields, ActivityTraceId TraceId, ActivitySpanId SpanId)
{
    public object? this[string name] => Fields.GetValueOrDefault(name);
}
