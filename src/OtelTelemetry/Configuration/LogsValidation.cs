using OtelTelemetry.Logging.Store;

namespace OtelTelemetry.Configuration;

/// <summary>Checks the settings of logs, whoever set them. Every error is found, not only the first.</summary>
internal static class LogsValidation
{
    public static void Check(SettingReport report, TelemetryLogsOptions logs)
    {
        for (var i = 0; i < logs.Processors.Count; i++)
        {
            if (logs.Processors[i] is not { } processor)
            {
                report.Error($"TelemetryOptions.Logs.Processors[{i}]", "it is null", "Allowed: the settings of a log processor");
                continue;
            }

            foreach (var (property, problem, remedy) in processor.Check()) report.Error(report.NameOfPart($"{LogProcessorBinding.Path}:{i}:{property}"), problem, remedy);
        }

        CheckStore(report, logs.Store);
        foreach (var (name, sink) in logs.Sinks)
        {
            foreach (var (property, problem, remedy) in sink.Check()) report.Error(report.NameOfPart($"{LogSinkBinding.Path}:{name}:{property}"), problem, remedy);
        }
    }

    private static void CheckStore(SettingReport report, LogStoreOptions store)
    {
        if (store.Capacity is { } capacity and (< 1 or > LogStore.LargestCapacity))
        {
            report.Error(report.NameOf("Logs:Store:Capacity", capacity), $"{capacity} is no number of log records that can be kept", $"Allowed: 1 to {LogStore.LargestCapacity}; leave it out to keep none");
        }

        if (store.MaxBytes < LogStore.LeastBytes) report.Error(report.NameOf("Logs:Store:MaxBytes", store.MaxBytes), $"{store.MaxBytes} bytes are too few", "Allowed: from 64KiB, such as 16MiB");
    }
}
