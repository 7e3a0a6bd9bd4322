using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenTelemetry.Exporter;
using OtelTelemetry.Configuration;

namespace OtelTelemetry.Hosting;

/// <summary>What all calls of <c>AddPepperTelemetry</c> on one collection of services have in common.</summary>
internal sealed class TelemetryRegistration(IServiceCollection services)
{
    private readonly List<Action<TelemetryOptions>> _callbacks = [];

    /// <summary>Whether providers were registered; not where telemetry was disabled from the beginning.</summary>
    public bool HasPipeline { get; set; }

    /// <summary>The registration in these services, made by the first call.</summary>
    public static TelemetryRegistration GetOrAdd(IServiceCollection services)
    {
        var there = services.FirstOrDefault(service => service.ServiceType == typeof(TelemetryRegistration))?.ImplementationInstance;
        if (there is TelemetryRegistration registration) return registration;
        registration = new TelemetryRegistration(services);
        services.AddSingleton(registration);
        return registration;
    }

    public void Add(Action<TelemetryOptions>? callback)
    {
        if (callback is not null) _callbacks.Add(callback);
    }

    /// <summary>Whether telemetry is on as far as the configuration can be seen at registration.</summary>
    public bool LooksEnabled(IConfiguration? configuration) =>
        TelemetrySettings.LooksEnabled(configuration ?? RegisteredConfiguration() ?? EnvironmentConfiguration(), _callbacks);

    /// <summary>The final settings, with the configuration as it is once the container exists.</summary>
    public TelemetrySettings CreateSettings(IServiceProvider provider) => TelemetrySettings.Create(
        provider.GetRequiredService<IConfiguration>(), provider.GetService<IHostEnvironment>(), _callbacks, ApplicationSendsOtlp());

    /// <summary>The settings as the configuration says them now, with what is wrong with them; for those that follow it.</summary>
    public (TelemetryOptions Options, SettingReport Report) ReadAgain(IConfiguration configuration) => TelemetrySettings.Read(configuration, _callbacks);

    /// <summary>Whether the application itself adds the official exporter: <c>UseOtlpExporter</c> leaves a marker, <c>AddOtlpExporter</c> a factory of its options.</summary>
    private bool ApplicationSendsOtlp() => services.Any(service =>
        service.ServiceType.FullName == "OpenTelemetry.Exporter.UseOtlpExporterRegistration" || service.ServiceType == typeof(IOptionsFactory<OtlpExporterOptions>));

    public static IConfiguration EnvironmentConfiguration() => new ConfigurationBuilder().AddEnvironmentVariables().Build();

    private IConfiguration? RegisteredConfiguration() =>
        services.LastOrDefault(service => service.ServiceType == typeof(IConfiguration))?.ImplementationInstance as IConfiguration;
}
