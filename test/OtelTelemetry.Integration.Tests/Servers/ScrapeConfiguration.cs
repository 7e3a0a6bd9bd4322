namespace OtelTelemetry.Integration.Tests.Servers;

internal static class ScrapeConfiguration
{
    /// <summary>The job all test servers scrape under.</summary>
    public const string Job = "app";

    /// <summary>A configuration file Prometheus and VictoriaMetrics both read: one target, every second.</summary>
    public static string For(Uri target, string path) =>
        $"""
         global:
           scrape_interval: 1s
           scrape_timeout: 900ms
         scrape_configs:
           - job_name: {Job}
             metrics_path: {path}
             static_configs:
               - targets: ['{target.Authority}']

         """;

    /// <summary>A configuration file for Prometheus: each job with one target, every second; rules, as often.</summary>
    public static string For(IEnumerable<(string Job, Uri Target)> targets, IEnumerable<string> ruleFiles)
    {
        var jobs = targets.Select(target => $"  - job_name: {target.Job}\n    static_configs:\n      - targets: ['{target.Target.Authority}']\n");
        return "global:\n  scrape_interval: 1s\n  scrape_timeout: 900ms\n  evaluation_interval: 1s\n"
            + $"rule_files: [{string.Join(", ", ruleFiles.Select(file => $"'{file}'"))}]\n"
            + $"scrape_configs:\n{string.Concat(jobs)}";
    }
}
