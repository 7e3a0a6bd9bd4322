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

        foreach (var (name, sink) in logs.Sinks)
        {
            foreach (var (property, problem, remedy) in sink.Check()) report.Error(report.NameOfPart($"{LogSinkBinding.Path}:{name}:{property}"), problem, remedy);
        }
    }
}
