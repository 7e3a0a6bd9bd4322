using OtelTelemetry.Logging.Levels;
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

        CheckLevels(report, logs);
        CheckStore(report, logs.Store);
        foreach (var (name, sink) in logs.Sinks)
        {
            foreach (var (property, problem, remedy) in sink.Check()) report.Error(report.NameOfPart($"{LogSinkBinding.Path}:{name}:{property}"), problem, remedy);
        }
    }

    private static void CheckLevels(SettingReport report, TelemetryLogsOptions logs)
    {
        const string levels = "Allowed: Trace, Debug, Information, Warning, Error, Critical, None";
        if (logs.Level is { } level && !Enum.IsDefined(level)) report.Error(report.NameOf("Logs:Level", level), $"{level} is not a level", levels);
        foreach (var (category, own) in logs.Levels)
        {
            if (!Enum.IsDefined(own)) report.Error(report.NameOfPart($"Logs:Levels:{category}"), $"{own} is not a level", levels);
        }

        var requests = logs.Requests;
        if (!Enum.IsDefined(requests.Level)) report.Error(report.NameOf("Logs:Requests:Level", requests.Level), $"{requests.Level} is not a level", levels);
        if (requests.SampleRate is not (>= 0 and <= 1)) report.Error(report.NameOf("Logs:Requests:SampleRate", requests.SampleRate), FormattableString.Invariant($"{requests.SampleRate} is not a part of all requests"), "Allowed: from 0 to 1, such as 0.01");
        if (string.IsNullOrWhiteSpace(requests.Header)) report.Error(report.NameOf("Logs:Requests:Header", requests.Header), "the header has no name", "Allowed: the name of a header, such as X-Log-Level");
        if (requests.Secret is { Length: > 0 and < RequestLogLevelOptions.ShortestSecret })
        {
            report.Error(report.NameOfPart("Logs:Requests:Secret"), "the secret is too short to keep anybody out", $"Allowed: at least {RequestLogLevelOptions.ShortestSecret} characters, of which nobody can guess one; openssl rand -hex 32 makes them");
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
