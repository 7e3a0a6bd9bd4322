namespace OtelTelemetry.Yaml;

/// <summary>What is wrong with a document, and where. Leaves this assembly as a <see cref="TelemetryConfigurationException"/>.</summary>
internal sealed class YamlProblemException(YamlPlace place, string problem, string remedy) : Exception
{
    public YamlPlace Place => place;

    public string Problem => problem;

    public string Remedy => remedy;
}
