using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Hosting;

namespace OtelTelemetry.Alerts;

/// <summary>
/// Lets rules, silences and inhibitions follow the configuration when it is loaded again. What is wrong then is told once, and what was in force stays. Thread-safe.
/// </summary>
internal sealed class LiveAlerts : IDisposable
{
    private const string Component = "alerts";

    private readonly AlertEngine _engine;
    private readonly TelemetryRegistration _registration;
    private readonly IConfiguration _configuration;
    private readonly IDisposable _reloads;
    private readonly Lock _gate = new();
    private string? _told;

    public LiveAlerts(AlertEngine engine, TelemetryRegistration registration, IConfiguration configuration)
    {
        _engine = engine;
        _registration = registration;
        _configuration = configuration;
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, ReadAgain);
    }

    public void Dispose() => _reloads.Dispose();

    private void ReadAgain()
    {
        lock (_gate)
        {
            try
            {
                var (options, report) = _registration.ReadAgain(_configuration);
                var wrong = report.Errors.Where(error => error.Setting.Replace('.', ':').Contains("Alerts:", StringComparison.OrdinalIgnoreCase)).ToList();
                if (wrong.Count > 0)
                {
                    Tell(string.Join("; ", wrong), null);
                    return;
                }

                _told = null;
                _engine.Change(options.Alerts);
            }
            catch (Exception exception)
            {
                // The configuration's own thread calls; a callback of the application may be what throws.
                Tell(exception.Message, exception);
            }
        }
    }

    private void Tell(string problem, Exception? exception)
    {
        if (problem == _told) return;
        _told = problem;
        TelemetryErrors.Report(
            Diagnostic.AlertsNotReloaded, Component, $"the configuration was loaded again and is wrong, so that rules, silences and inhibitions stay as they were: {problem}", "Correct the setting; it is read again by itself", exception, kind: "reload");
    }
}
