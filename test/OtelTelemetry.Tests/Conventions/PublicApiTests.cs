using System.Runtime.CompilerServices;

namespace OtelTelemetry.Tests.Conventions;

/// <summary>
/// The public surface grows only on purpose: it must be what the approved text says. When a change is meant, run the tests with
/// UPDATE_PUBLIC_API=1 and commit the new text with it, so that reviewers see what users will.
/// </summary>
public class PublicApiTests
{
    [Test]
    public void The_core_is_as_approved() => Check(typeof(TelemetryManager).Assembly);

    [Test]
    public void The_text_shows_what_users_call()
    {
        var text = PublicApiText.Of(typeof(TelemetryManager).Assembly);
        Assert.That(text, Does.Contain("Void Inc(String label1, String label2)"));
        Assert.That(text, Does.Not.Contain("BucketBounds"));
    }

    private static void Check(System.Reflection.Assembly assembly, [CallerFilePath] string thisFile = "")
    {
        var approved = Path.Combine(Path.GetDirectoryName(thisFile)!, $"{assembly.GetName().Name}.approved.txt");
        var text = PublicApiText.Of(assembly);
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLIC_API") == "1") File.WriteAllText(approved, text);
        var expected = File.Exists(approved) ? File.ReadAllText(approved) : "";
        Assert.That(text, Is.EqualTo(expected), $"The public API differs from {Path.GetFileName(approved)}. If that is meant, run with UPDATE_PUBLIC_API=1 and commit the file.");
    }
}
