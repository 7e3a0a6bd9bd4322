using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace OtelTelemetry.Tests.Conventions;

/// <summary>
/// The public surface grows only on purpose: it must be what the approved text says. When a change is meant, run the tests with
/// UPDATE_PUBLIC_API=1 and commit the new text with it, so that reviewers see what users will.
/// </summary>
public class PublicApiTests
{
    [Test]
    public void The_core_is_as_approved() => PublicApiText.Check(typeof(TelemetryManager).Assembly);

    [Test]
    public void The_test_kit_is_as_approved() => PublicApiText.Check(typeof(OtelTelemetry.Testing.TelemetryCapture).Assembly);

    [Test]
    public void The_package_for_YAML_is_as_approved() => PublicApiText.Check(typeof(TelemetryYamlConfigurationExtensions).Assembly);

    [Test]
    public void The_package_for_remote_write_is_as_approved() => PublicApiText.Check(typeof(OtelTelemetry.Exporters.RemoteWrite.RemoteWriteExporter).Assembly);

    [Test]
    public void The_package_for_CloudWatch_is_as_approved() => PublicApiText.Check(typeof(OtelTelemetry.Exporters.CloudWatch.CloudWatchExporter).Assembly);

    [Test]
    public void The_package_for_log_files_is_as_approved() => PublicApiText.Check(typeof(FileLogBuilderExtensions).Assembly);

    [Test]
    public void The_package_for_SQLite_is_as_approved() => PublicApiText.Check(typeof(SqliteOutboxBuilderExtensions).Assembly);

    [Test]
    public void The_text_shows_what_users_call()
    {
        var text = PublicApiText.Of(typeof(TelemetryManager).Assembly);
        Assert.That(text, Does.Contain("Void Inc(String label1, String label2)"));
        Assert.That(text, Does.Not.Contain("BucketBounds"));
    }
}
