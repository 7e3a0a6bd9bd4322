using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Processors.Logs;
using OtelTelemetry.Tests.Otlp;

namespace OtelTelemetry.Tests.Processors.Logs;

/// <summary>An application with log processors and an exporter of its own.</summary>
internal sealed class LogHost : IDisposable
{
    private readonly IHost _host;

    private LogHost(IHost host, ExportedLogs exported)
    {
        _host = host;
        Exported = exported;
        Logger = LoggerOf("Shop.Orders");
    }

    public ILogger Logger { get; }

    public ExportedLogs Exported { get; }

    public IReadOnlyList<ExportedLogs.Line> Lines => Exported.Lines;

    public IServiceProvider Services => _host.Services;

    public static LogHost Start(params LogProcessorOptions[] processors) => Start(null, null, processors);

    public static LogHost Start(TimeProvider? clock, params LogProcessorOptions[] processors) => Start(clock, null, processors);

    public static LogHost Start(TimeProvider? clock, LoopbackReceiver? receiver, params LogProcessorOptions[] processors) => Start(
        builder => builder.AddPepperTelemetry(options =>
        {
            foreach (var processor in processors) options.Logs.Processors.Add(processor);
        }),
        before: false,
        clock,
        receiver);

    public static LogHost Start(Action<HostApplicationBuilder> configure, bool before = false, TimeProvider? clock = null, LoopbackReceiver? receiver = null, params (string Key, string Value)[] settings)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddFilter("Microsoft", LogLevel.None);
        if (receiver is not null) settings = [.. settings, ("Telemetry:Otlp:Endpoint", receiver.Address.ToString()), ("Telemetry:Otlp:Protocol", "http/protobuf"), ("Telemetry:Metrics:Enabled", "false")];
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)));
        if (clock is not null) builder.Services.AddSingleton(clock);
        var exported = new ExportedLogs();
        if (before) Own();
        configure(builder);
        if (!before) Own();
        var host = builder.Build();
        host.Start();
        return new LogHost(host, exported);

        void Own() => builder.Services.ConfigureOpenTelemetryLoggerProvider(logs => logs.AddProcessor(new SimpleLogRecordExportProcessor(exported)));
    }

    public ILogger LoggerOf(string category) => Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    public void Flush() => Services.GetRequiredService<LoggerProvider>().ForceFlush();

    public Task StopAsync() => _host.StopAsync();

    public void Dispose() => _host.Dispose();
}
