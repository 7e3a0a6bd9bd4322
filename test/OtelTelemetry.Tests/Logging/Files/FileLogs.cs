using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Logs;
using OtelTelemetry.Logging.Sinks;
using OtelTelemetry.Logging.Sinks.Files;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Logging.Files;

/// <summary>A file sink behind the SDK's own logger, on a clock that stands still: it writes when a block is full or a test flushes.</summary>
internal sealed class FileLogs : IDisposable
{
    private readonly ServiceProvider _services;

    public FileLogs(FileLogOptions options, string? name = null)
    {
        Name = name ?? $"file_{Guid.NewGuid():N}";
        Sink = (FileLogSink)options.Create(new LogSinkContext(Name, new ServiceCollection().BuildServiceProvider(), new Dictionary<string, object>(), Clock));
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddOpenTelemetry(provider =>
            {
                provider.IncludeFormattedMessage = true;
                provider.AddProcessor(new LogSinkProcessor(Name, options, Sink));
            }))
            .BuildServiceProvider();
        Logger = _services.GetRequiredService<ILoggerFactory>().CreateLogger("Shop.Orders");
    }

    public string Name { get; }

    public FakeClock Clock { get; } = new();

    public FileLogSink Sink { get; }

    public ILogger Logger { get; }

    public string Component => LogSinkProcessor.ComponentOf(Name);

    public void Log(int from, int count, string text = "")
    {
        for (var i = from; i < from + count; i++) Logger.LogInformation("Received order {Id}{Text}", i, text);
    }

    public bool Flush() => Sink.Flush(TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        Flush();
        Sink.Housekeeping.WaitUntilIdle(TimeSpan.FromSeconds(30));
        _services.Dispose();
    }

    /// <summary>The number of every order in a file, plain or compressed. Each line must be whole.</summary>
    public static IReadOnlyList<int> OrdersIn(string path) => [.. LinesOf(path).Select(line =>
    {
        using var json = JsonDocument.Parse(line);
        return json.RootElement.GetProperty("attributes").GetProperty("Id").GetInt32();
    })];

    public static IEnumerable<string> LinesOf(string path)
    {
        var text = Encoding.UTF8.GetString(BytesOf(path));
        if (text.Length > 0) Assert.That(text, Does.EndWith("\n"), path);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    public static byte[] BytesOf(string path)
    {
        if (!path.EndsWith(".gz", StringComparison.Ordinal)) return File.ReadAllBytes(path);
        using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
