using OtelTelemetry.Configuration;
using OtelTelemetry.Delivery;

namespace OtelTelemetry.Alerts.Handlers;

/// <summary>The settings of one alert handler, and how it is made: what <see cref="TelemetryAlertsOptions.Handlers"/> and <c>Telemetry:Alerts:Handlers</c> put together. Derive from it for a
/// handler of your own. Immutable.</summary>
public abstract record AlertHandlerOptions
{
    /// <summary>Alerts below it are not told. Default: <see cref="AlertSeverity.Info"/>, all.</summary>
    public AlertSeverity MinSeverity { get; init; } = AlertSeverity.Info;

    /// <summary>Only alerts with these labels are told; <c>*</c> stands for any text. Default: all.</summary>
    public IReadOnlyDictionary<string, string> Where { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether it is told that an alert is resolved. Default: true.</summary>
    public bool SendResolved { get; init; } = true;

    /// <summary>How what it sends is delivered, where that is not as for all (<c>Telemetry:Delivery</c>). Default: as for all, in order.</summary>
    public DestinationOptions Delivery { get; init; } = new();

    /// <summary>Makes the handler, once for an application, when telemetry starts.</summary>
    /// <param name="context">What it may need.</param>
    public abstract AlertHandler Create(AlertHandlerContext context);

    /// <summary>What is wrong with the settings of a type: the property, the problem, the remedy. Never a secret. Default: nothing.</summary>
    protected virtual IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn() => [];

    /// <summary>When groups are told, where it is not as for all; null for as all are.</summary>
    internal virtual AlertTiming? Timing => null;

    /// <summary>What is wrong with the settings: the property, the problem, the remedy.</summary>
    internal IEnumerable<(string Property, string Problem, string Remedy)> Check()
    {
        if (!Enum.IsDefined(MinSeverity)) yield return (nameof(MinSeverity), $"{MinSeverity} is not a severity", "Allowed: Info, Warning, Critical");
        foreach (var (property, problem, remedy) in Delivery.Check()) yield return ($"{nameof(Delivery)}:{property}", problem, remedy);
        foreach (var error in CheckOwn()) yield return error;
    }

    /// <summary>Reads what all handlers have.</summary>
    internal AlertHandlerOptions ReadCommon(SettingBinder binder, string path)
    {
        var options = this with { Delivery = new DestinationOptions() };
        var settings = new SettingSection(binder, path);
        settings.Bind(nameof(MinSeverity), Parse.Name<AlertSeverity>, value => options = options with { MinSeverity = value });
        settings.BindMap(nameof(Where), Parse.Text, values => options = options with { Where = values });
        settings.Bind(nameof(SendResolved), Parse.Boolean, value => options = options with { SendResolved = value });
        DestinationBinding.Bind(binder, $"{path}:{nameof(Delivery)}", options.Delivery);
        return options;
    }
}
