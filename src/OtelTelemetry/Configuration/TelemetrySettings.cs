using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OtelTelemetry.Exporters.Otlp;

namespace OtelTelemetry.Configuration;

/// <summary>The final options of one application, with what a person should be told about them.</summary>
internal sealed class TelemetrySettings
{
    private TelemetrySettings(TelemetryOptions options, IReadOnlyList<string> names, bool wantsExemplars, SettingReport report)
    {
        WantsExemplars = wantsExemplars;
        Options = options;
        ApplicationNames = names;
        Report = report;
    }

    public TelemetryOptions Options { get; }

    /// <summary>The service's name and the application's: meters and sources named so are the application's own.</summary>
    public IReadOnlyList<string> ApplicationNames { get; }

    /// <summary>Whether exemplars of recorded spans are kept: when there are traces and an exporter that shows exemplars, unless <c>OTEL_METRICS_EXEMPLAR_FILTER</c>, which the SDK reads itself, says something.</summary>
    public bool WantsExemplars { get; }

    public IReadOnlyList<string> Warnings => Report.Warnings;

    /// <summary>Knows how whoever set it wrote a setting, for errors that only show when something is made of the settings.</summary>
    public SettingReport Report { get; }

    /// <summary>Binds, lets the callbacks change, completes and checks.</summary>
    /// <exception cref="TelemetryConfigurationException">Something is wrong; every error is listed.</exception>
    /// <param name="configuration">Where the section and the variables are.</param>
    /// <param name="environment">The host's, or null.</param>
    /// <param name="callbacks">What code sets.</param>
    /// <param name="applicationSendsOtlp">Whether the application adds the official OTLP exporter itself.</param>
    public static TelemetrySettings Create(
        IConfiguration configuration, IHostEnvironment? environment, IEnumerable<Action<TelemetryOptions>> callbacks, bool applicationSendsOtlp = false)
    {
        var (options, report) = Read(configuration, callbacks, applicationSendsOtlp);
        if (report.Errors.Count > 0) throw new TelemetryConfigurationException(report.Errors);
        var names = Complete(options, environment);
        var read = options.Prometheus is { Enabled: true, Exemplars: true } || OtlpSignal.ForMetrics(options) is not null || options.Exporters.Values.Any(exporter => exporter.WantsExemplars);
        var wantsExemplars = options is { Metrics.Enabled: true, Traces.Enabled: true } && read && string.IsNullOrWhiteSpace(configuration["OTEL_METRICS_EXEMPLAR_FILTER"]);
        return new TelemetrySettings(options, names, wantsExemplars, report);
    }

    /// <summary>Binds, lets the callbacks change, and checks: what is wrong is in the report.</summary>
    /// <param name="configuration">Where the section and the variables are.</param>
    /// <param name="callbacks">What code sets.</param>
    /// <param name="applicationSendsOtlp">Whether the application adds the official OTLP exporter itself.</param>
    public static (TelemetryOptions Options, SettingReport Report) Read(
        IConfiguration configuration, IEnumerable<Action<TelemetryOptions>> callbacks, bool applicationSendsOtlp = false)
    {
        var options = new TelemetryOptions();
        var report = new SettingReport(new SettingSources(configuration));
        var binder = new SettingBinder(configuration, report);
        TelemetryBinding.Bind(binder, options);
        ExporterVariables.Bind(binder, report, options);
        UnknownKeys.Report(configuration.GetSection(SettingBinder.Section), binder.KnownPaths, report);
        foreach (var callback in callbacks) callback(options);
        LetCodeWinOverExporterVariables(options, report);
        if (applicationSendsOtlp) LeaveOtlpToApplication(options, report);
        TelemetryValidation.Check(options, report);
        return (options, report);
    }

    /// <summary>Whether telemetry is on as far as can be seen now. Errors are left for <see cref="Create"/>.</summary>
    public static bool LooksEnabled(IConfiguration configuration, IEnumerable<Action<TelemetryOptions>> callbacks)
    {
        var options = new TelemetryOptions();
        var report = new SettingReport();
        var binder = new SettingBinder(configuration, report);
        TelemetryBinding.Bind(binder, options);
        ExporterVariables.Bind(binder, report, options);
        foreach (var callback in callbacks) callback(options);
        return options.Enabled;
    }

    /// <summary>A variable switches single signals; code that switches OTLP as a whole must still have the last word.</summary>
    private static void LetCodeWinOverExporterVariables(TelemetryOptions options, SettingReport report)
    {
        if (options.Otlp.Enabled is null || report.IsFromConfiguration("Otlp:Enabled", options.Otlp.Enabled)) return;
        if (report.IsFromConfiguration("Otlp:Traces:Enabled", options.Otlp.Traces.Enabled)) options.Otlp.Traces.Enabled = null;
        if (report.IsFromConfiguration("Otlp:Metrics:Enabled", options.Otlp.Metrics.Enabled)) options.Otlp.Metrics.Enabled = null;
        if (report.IsFromConfiguration("Otlp:Logs:Enabled", options.Otlp.Logs.Enabled)) options.Otlp.Logs.Enabled = null;
    }

    /// <summary>Nothing is sent twice: what an endpoint alone would switch on is the application's own exporter's.</summary>
    private static void LeaveOtlpToApplication(TelemetryOptions options, SettingReport report)
    {
        var otlp = options.Otlp;
        if (otlp.Enabled is not null || (OtlpSignal.ForTraces(options) ?? OtlpSignal.ForMetrics(options) ?? OtlpSignal.ForLogs(options)) is null) return;
        otlp.Enabled = otlp.Traces.Enabled = otlp.Metrics.Enabled = otlp.Logs.Enabled = false;
        report.Warnings.Add(
            "The application adds an OTLP exporter itself (AddOtlpExporter or UseOtlpExporter), so this library sends nothing by OTLP: its own metrics are not sent either. "
            + "Remove that call to let this library send all signals, or set Telemetry:Otlp:Enabled=true to send with both.");
    }

    private static string[] Complete(TelemetryOptions options, IHostEnvironment? environment)
    {
        var entry = Assembly.GetEntryAssembly();
        var applicationName = environment?.ApplicationName is { Length: > 0 } name ? name : entry?.GetName().Name ?? "unknown_service";

        // What is set as a property beats the same thing among the attributes; the attributes beat what we would guess.
        options.ServiceName ??= Attribute("service.name") ?? applicationName;
        options.ServiceVersion ??= Attribute("service.version") ?? VersionOf(entry);
        options.ServiceInstanceId ??= Attribute("service.instance.id") ?? Guid.NewGuid().ToString();
        options.Environment ??= Attribute("deployment.environment.name") ?? environment?.EnvironmentName.ToLowerInvariant();
        return [.. new[] { options.ServiceName, applicationName }.Distinct(StringComparer.OrdinalIgnoreCase)];

        string? Attribute(string key) => options.ResourceAttributes.TryGetValue(key, out var value) && value.Length > 0 ? value : null;
    }

    private static string? VersionOf(Assembly? assembly) =>
        assembly?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0];
}
