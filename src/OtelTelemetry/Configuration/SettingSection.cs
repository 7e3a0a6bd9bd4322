using OtelTelemetry.Delivery;

namespace OtelTelemetry.Configuration;

/// <summary>A part of section <c>Telemetry</c> that describes one thing of several, such as a collector of a list.</summary>
/// <param name="binder">Reads the settings.</param>
/// <param name="path">Where the part is, relative to the section.</param>
internal sealed class SettingSection(SettingBinder binder, string path)
{
    public void Bind<T>(string name, Func<string, Parsed<T>> parse, Action<T> apply) => binder.Bind($"{path}:{name}", parse, apply);

    public void BindList(string name, Action<IReadOnlyList<string>> apply) => binder.BindList($"{path}:{name}", apply);

    public void BindNumbers(string name, Action<IReadOnlyList<double>> apply) => binder.BindNumbers($"{path}:{name}", apply);

    public void BindMap<T>(string name, Func<string, Parsed<T>> parse, Action<IReadOnlyDictionary<string, T>> apply) =>
        binder.BindMap($"{path}:{name}", parse, apply);

    /// <summary>Part <c>Delivery</c>: how what leaves over HTTP is delivered.</summary>
    public void BindDelivery(DestinationOptions options) => DestinationBinding.Bind(binder, $"{path}:Delivery", options);
}
