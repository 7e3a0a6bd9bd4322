using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using OpenTelemetry.Trace;
using OtelTelemetry.Configuration;
using OtelTelemetry.Diagnostics;
using OtelTelemetry.Hosting;
using OtelTelemetry.Tracing.Sampling.Tail;

namespace OtelTelemetry.Tracing.Sampling;

/// <summary>
/// The sampling of one application, which follows its configuration: when that is loaded again, rates, limits and rules change. What is
/// wrong then is told once, and what was in force stays. Thread-safe.
/// </summary>
internal sealed class TraceSampling : IDisposable
{
    private const string Component = "trace_sampling";

    private readonly TelemetryRegistration _registration;
    private readonly IConfiguration _configuration;
    private readonly TimeProvider _time;
    private readonly string? _serviceName;
    private readonly ConfiguredSampler _sampler;
    private readonly IDisposable _reloads;
    private readonly Lock _gate = new();
    private TailSampler? _tail;
    private string? _told;

    internal TraceSampling(TelemetrySettings settings, TelemetryRegistration registration, IConfiguration configuration, TimeProvider time)
    {
        _registration = registration;
        _configuration = configuration;
        _time = time;
        var options = settings.Options;
        _serviceName = options.ServiceName;
        _sampler = new ConfiguredSampler(SamplerFactory.Create(options.Traces, _serviceName, time));
        IsLeftToVariable = !string.IsNullOrWhiteSpace(configuration[TracesBinding.SamplerVariable])
            && _sampler.Description == SamplerFactory.Create(new TelemetryTracesOptions(), _serviceName, time).Description;
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, ReadAgain);
    }

    /// <summary>The sampler for the provider; null where traces are off, or <c>OTEL_TRACES_SAMPLER</c>, which the SDK reads, decides and code does not.</summary>
    internal Sampler? Sampler => IsLeftToVariable ? null : _sampler;

    private bool IsLeftToVariable { get; }

    /// <summary>Lets tail sampling follow the configuration as well.</summary>
    internal void Follow(TailSampler tail)
    {
        lock (_gate) _tail = tail;
    }

    public void Dispose() => _reloads.Dispose();

    private void ReadAgain()
    {
        lock (_gate)
        {
            try
            {
                var (options, report) = _registration.ReadAgain(_configuration);
                var wrong = report.Errors.Where(error => IsOurs(error.Setting)).ToList();
                if (wrong.Count == 0)
                {
                    _told = null;
                    _sampler.Change(SamplerFactory.Create(options.Traces, _serviceName, _time));
                    _tail?.Change(options.Traces.TailSampling);
                    return;
                }

                Tell(string.Join("; ", wrong), null);
            }
            catch (Exception exception)
            {
                // The configuration's own thread calls; a callback of the application may be what throws.
                Tell(exception.Message, exception);
            }
        }
    }

    private static bool IsOurs(string setting) => setting.Replace('.', ':')is var name
        && (name.Contains("Traces:Sampling", StringComparison.OrdinalIgnoreCase) || name.Contains("Traces:TailSampling", StringComparison.OrdinalIgnoreCase));

    private void Tell(string problem, Exception? exception)
    {
        if (problem == _told) return;
        _told = problem;
        TelemetryErrors.Report(Diagnostic.SamplingNotReloaded, Component, $"the configuration was loaded again and is wrong, so that sampling stays as it was: {problem}", "Correct the setting; it is read again by itself", exception);
    }
}
