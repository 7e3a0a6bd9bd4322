using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OtelTelemetry.Logging.Formats;
using OtelTelemetry.Logging.Sinks;
using OtelTelemetry.Logging.Sinks.Console;
using OtelTelemetry.Logging.Sinks.Files;
using OtelTelemetry.Logging.Sinks.Queue;
using Serilog;
using ILogger = Microsoft.Extensions.Logging.ILogger;

namespace OtelTelemetry.Benchmarks;

/// <summary>
/// What a record of four values costs the thread that logs it: as JSON in a file and on the console, beside the JSON formatter of .NET's console, Serilog's JSON in a
/// file, and the SDK alone.
/// </summary>
internal sealed class LogBenchmarks : IDisposable
{
    private const long QueueBytes = 1L << 30;

    private static readonly Action<ILogger, string, int, double, string, Exception?> s_order =
        LoggerMessage.Define<string, int, double, string>(LogLevel.Information, new EventId(17, "OrderReceived"), "Received order {Id} of {Count} items at {Price} for {Customer}");

    private static readonly Action<ILogger, string, Exception?> s_disabled = LoggerMessage.Define<string>(LogLevel.Debug, new EventId(18), "Looked up {Id}");

    private readonly string _folder = Directory.CreateTempSubdirectory("oteltelemetry-benchmark-logs-").FullName;
    private readonly List<ServiceProvider> _providers = [];
    private readonly List<QueuedLogSink> _sinks = [];

    public void Dispose()
    {
        foreach (var provider in _providers) provider.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    internal void Run()
    {
        var sdk = Sdk(new Nothing());
        var file = Ours(context => new FileLogOptions { Path = Path.Combine(_folder, "ours.log"), MaxFiles = 2, MaxQueueBytes = QueueBytes }.Create(context));
        var console = Ours(context => new ConsoleLogSink(context, LogFormatter.Create(LogFormat.Json, context.Resource), new LogQueueSettings(QueueBytes, TimeSpan.FromMilliseconds(10)), Stream.Null));
        using var formatter = new FormatterLogger();
        using var serilog = new LoggerConfiguration().WriteTo.File(new Serilog.Formatting.Json.JsonFormatter(), Path.Combine(_folder, "serilog.log"), fileSizeLimitBytes: 100 * 1024 * 1024, buffered: true, rollOnFileSizeLimit: true, retainedFileCountLimit: 2).CreateLogger();

        Console.WriteLine(BenchmarkResult.Header("other"));
        var alone = Print(new PairedBenchmark("the SDK alone / JSON console formatter", Through(formatter), Through(sdk)));
        Print(new PairedBenchmark("JSON line, not queued / JSON console formatter", Through(formatter), Through(Sdk(new Line()))), alone.Bytes);
        Print(new PairedBenchmark("JSON file / JSON console formatter", Through(formatter), Through(file)), alone.Bytes);
        Print(new PairedBenchmark("JSON console / JSON console formatter", Through(formatter), Through(console)), alone.Bytes);
        Print(new PairedBenchmark("JSON file / Serilog's JSON in a file", Through(serilog), Through(file)), alone.Bytes);
        Print(new PairedBenchmark("JSON file / the SDK alone", Through(sdk), Through(file)), alone.Bytes);
        var plain = Plain();
        Print(new PairedBenchmark("a level that is disabled / the same without any OpenTelemetry", operations => Disabled(plain, operations), operations => Disabled(file, operations)));
        foreach (var sink in _sinks)
        {
            sink.Flush(TimeSpan.FromSeconds(30));
            Console.WriteLine($"{sink.Component}: {sink.Statistics}");
        }
    }

    private static BenchmarkResult Print(PairedBenchmark benchmark, double? aloneBytes = null)
    {
        var result = benchmark.Run();
        Console.WriteLine(aloneBytes is { } alone ? $"{result} {(result.Bytes - alone).ToString("0.#", CultureInfo.InvariantCulture)} B above the SDK's own" : result);
        return result;
    }

    private static Operation Through(ILogger logger) => operations =>
    {
        for (var i = 0; i < operations; i++) s_order(logger, "o-4711", i, 12.5, "Ann", null);
    };

    private static Operation Through(Serilog.Core.Logger logger) => operations =>
    {
        for (var i = 0; i < operations; i++) logger.Information("Received order {Id} of {Count} items at {Price} for {Customer}", "o-4711", i, 12.5, "Ann");
    };

    private static void Disabled(ILogger logger, int operations)
    {
        for (var i = 0; i < operations; i++) s_disabled(logger, "o-4711", null);
    }

    private ILogger Ours(Func<LogSinkContext, LogSink> create)
    {
        var name = $"benchmark{_sinks.Count}";
        var sink = (QueuedLogSink)create(new LogSinkContext(name, new ServiceCollection().BuildServiceProvider(), new Dictionary<string, object>(), TimeProvider.System));
        _sinks.Add(sink);
        return Sdk(new LogSinkProcessor(name, new ConsoleLogOptions(), sink));
    }

    /// <summary>A logger of .NET with one provider that takes everything.</summary>
    private ILogger Plain()
    {
        var provider = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddJsonConsole()).BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");
    }

    private ILogger Sdk(BaseProcessor<LogRecord> processor)
    {
        var provider = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Information).AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.IncludeScopes = true;
            options.AddProcessor(processor);
        })).BuildServiceProvider();
        _providers.Add(provider);
        return provider.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");
    }

    private sealed class Nothing : BaseProcessor<LogRecord>;

    /// <summary>Only writes the line.</summary>
    private sealed class Line : BaseProcessor<LogRecord>
    {
        private readonly LogFormatter _formatter = LogFormatter.Create(LogFormat.Json, new Dictionary<string, object>());

        public override void OnEnd(LogRecord data)
        {
            var line = LogLine.Take();
            _formatter.Write(line, data);
            LogLine.Return(line);
        }
    }

    /// <summary>What .NET's console logger does on the thread that logs: the formatter, and a string of what it wrote.</summary>
    private sealed class FormatterLogger : ILogger, IDisposable
    {
        private readonly ServiceProvider _services = new ServiceCollection().AddLogging(logging => logging.AddJsonConsole(options =>
        {
            options.IncludeScopes = true;
            options.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffffffZ";
            options.UseUtcTimestamp = true;
        })).BuildServiceProvider();

        private readonly ConsoleFormatter _formatter;
        private readonly LoggerExternalScopeProvider _scopes = new();
        private readonly StringWriter _writer = new(CultureInfo.InvariantCulture);

        public FormatterLogger() => _formatter = _services.GetServices<ConsoleFormatter>().Single(formatter => formatter.Name == ConsoleFormatterNames.Json);

        /// <summary>Kept, so that it is not left out.</summary>
        public string Last { get; private set; } = "";

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => _scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            _formatter.Write(new LogEntry<TState>(logLevel, "Shop.Orders", eventId, state, exception, formatter), _scopes, _writer);
            var builder = _writer.GetStringBuilder();
            Last = builder.ToString();
            builder.Clear();
        }

        public void Dispose()
        {
            _writer.Dispose();
            _services.Dispose();
        }
    }
}
