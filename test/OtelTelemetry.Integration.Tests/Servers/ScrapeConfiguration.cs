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
}
