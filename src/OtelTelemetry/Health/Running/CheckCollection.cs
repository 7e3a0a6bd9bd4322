using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using OtelTelemetry.Configuration;
using OtelTelemetry.Metrics;

namespace OtelTelemetry.Health.Running;

/// <summary>Puts together the checks of an application: those of the settings, and those it registers with <c>AddHealthChecks()</c>.</summary>
internal static class CheckCollection
{
    /// <exception cref="TelemetryConfigurationException">Names do not fit together; every error is listed.</exception>
    public static HealthMonitor CreateMonitor(IServiceProvider services)
    {
        var settings = services.GetRequiredService<TelemetrySettings>();
        var options = settings.Options.Health;
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        if (!options.Enabled) return new HealthMonitor([], [], null, null, time);

        var registrations = services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;
        CheckNames(settings, options, registrations);
        var checks = new List<(CheckPlan Plan, HealthCheckFunction Check)>();
        var made = new List<object>();
        foreach (var registration in registrations)
        {
            options.Checks.TryGetValue(registration.Name, out var own);
            var plan = CheckPlan.Of(registration.Name, options, own, registration);
            checks.Add((plan, token => RunRegisteredAsync(services, registration, token)));
        }

        foreach (var (name, own) in options.Checks)
        {
            if (own is RegisteredHealthCheckOptions) continue;
            var check = own.Create(services);
            made.Add(check);
            var plan = CheckPlan.Of(name, options, own);
            var context = new HealthCheckContext { Registration = new HealthCheckRegistration(name, check, plan.FailureStatus, plan.Tags, plan.Timeout) };
            checks.Add((plan, token => check.CheckHealthAsync(context, token)));
        }

        var metrics = checks.Count == 0 ? null : HealthMetrics.TryCreate(services.GetRequiredService<MetricsCollector>());
        return new HealthMonitor(checks, made, metrics, services.GetRequiredService<MetricsRegistry>().Events, time);
    }

    /// <summary>As the health check service does it: each run has a scope of its own.</summary>
    private static async Task<HealthCheckResult> RunRegisteredAsync(IServiceProvider services, HealthCheckRegistration registration, CancellationToken cancellationToken)
    {
        var scope = services.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            var check = registration.Factory(scope.ServiceProvider);
            return await check.CheckHealthAsync(new HealthCheckContext { Registration = registration }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void CheckNames(TelemetrySettings settings, TelemetryHealthOptions options, ICollection<HealthCheckRegistration> registrations)
    {
        var report = settings.Report;
        var registered = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var registration in registrations)
        {
            if (!registered.Add(registration.Name)) report.Error($"AddHealthChecks: {registration.Name}", "two health checks have this name", "Give each a name of its own");
        }

        foreach (var (name, own) in options.Checks)
        {
            var setting = report.NameOfPart($"{HealthBinding.ChecksPath}:{name}");
            if (own is RegisteredHealthCheckOptions && !registered.Contains(name))
            {
                report.Error($"{setting}:Type", $"it is not set, and the application registers no health check '{name}' with AddHealthChecks()", HealthBinding.AllowedTypes);
            }
            else if (own is not RegisteredHealthCheckOptions && registered.Contains(name))
            {
                report.Error(setting, $"the application registers a health check '{name}' with AddHealthChecks() as well", "Give one of them another name, or leave the type out to set how the registered one runs");
            }
        }

        if (report.Errors.Count > 0) throw new TelemetryConfigurationException(report.Errors);
    }
}
