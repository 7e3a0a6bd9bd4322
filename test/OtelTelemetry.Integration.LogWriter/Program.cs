using System.Globalization;
using System.IO.MemoryMappedFiles;
using OtelTelemetry;
using OtelTelemetry.Logging.Sinks.Files;
using OtelTelemetry.Logging.Sinks.Queue;

// An application that logs numbered records to a file as fast as the file takes them. How many the sink has accepted stands in a mapped file after each: that is known also when
// the process is killed. It logs no more than fits into the sink's queue, so that nothing is dropped.
//
//   arguments: the path of the log, the mapped file, the name of the writer, the first number, the number of records, whether the log is shared, the queue's bytes, the bytes of a file
var (path, mapped, writer) = (args[0], args[1], args[2]);
var first = int.Parse(args[3], CultureInfo.InvariantCulture);
var count = int.Parse(args[4], CultureInfo.InvariantCulture);
var queueBytes = long.Parse(args[6], CultureInfo.InvariantCulture);
var options = new FileLogOptions { Path = path, Shared = bool.Parse(args[5]), MaxQueueBytes = queueBytes, MaxFileBytes = long.Parse(args[7], CultureInfo.InvariantCulture), MaxFiles = null, MaxTotalBytes = null };

QueuedLogSink? sink = null;
var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
builder.Logging.AddFilter("Microsoft", LogLevel.None);
builder.Services.AddPepperTelemetry().AddLogSink("file", context => sink = (QueuedLogSink)options.Create(context));
using var host = builder.Build();
await host.StartAsync();

using var file = MemoryMappedFile.CreateFromFile(mapped, FileMode.OpenOrCreate, null, sizeof(long));
using var accepted = file.CreateViewAccessor();
var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Writer");
const int LargestRecord = 512;
for (var i = first; i < first + count; i++)
{
    SpinWait.SpinUntil(() => sink!.Statistics.Pending * LargestRecord < queueBytes - (64 * 1024));
    logger.LogInformation("{Writer} says {Number}", writer, i);
    accepted.Write(0, i + 1L);
}

await host.StopAsync();
return sink!.Statistics is { Dropped: 0, Pending: 0 } ? 0 : 1;
