using OtelTelemetry.Exporters;
using OtelTelemetry.Exporters.CloudWatch;
using OtelTelemetry.Reading;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.CloudWatch;

/// <summary>AWS's SDK reads the process's variables, so nothing else runs meanwhile.</summary>
[NonParallelizable]
public class AwsAccessTests
{
    private readonly Dictionary<string, string?> _before = [];
    private RecordingBackend _cloudWatch = null!;

    [SetUp]
    public void Isolate()
    {
        _cloudWatch = new RecordingBackend();
        _before.Clear();
        foreach (var name in new[] { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION" }) Set(name, null);
        Set("AWS_EC2_METADATA_DISABLED", "true");
        Set("AWS_SHARED_CREDENTIALS_FILE", "/nowhere/credentials");
        Set("AWS_CONFIG_FILE", "/nowhere/config");
    }

    [TearDown]
    public void Restore()
    {
        foreach (var (name, value) in _before) Environment.SetEnvironmentVariable(name, value);
        _cloudWatch.Dispose();
    }

    [Test]
    public async Task Without_settings_the_SDK_finds_credentials_and_where_it_finds_none_the_remedy_is_told()
    {
        await using var exporter = new CloudWatchExporterOptions { Region = "eu-central-1" }.Create(new ExporterContext("CloudWatch") { CreateHttpClient = _cloudWatch.CreateClient });
        MetricFamily[] families(double value) => [SomeFamilies.Numbers("n", MetricKind.Counter, "", ("x", value))];
        var none = await exporter.ExportAsync(families(2));
        Assert.That(none.Problem, Does.StartWith("There are no credentials or no region for CloudWatch (").And.Contain("give AccessKeyId, SecretAccessKey and Region"));
        Assert.That(_cloudWatch.Requests, Is.Empty);

        Set("AWS_ACCESS_KEY_ID", "AKIDFROMVARIABLE");
        Set("AWS_SECRET_ACCESS_KEY", "key");
        Set("AWS_SESSION_TOKEN", "token");
        var found = await exporter.ExportAsync(families(3));
        Assert.That(found.Succeeded, Is.True, found.Problem);
        Assert.That(_cloudWatch.Requests.Single().Header("Authorization"), Does.Contain("Credential=AKIDFROMVARIABLE/").And.Contain("/eu-central-1/"));
        Assert.That(_cloudWatch.Requests.Single().Header("X-Amz-Security-Token"), Is.EqualTo("token"));
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
