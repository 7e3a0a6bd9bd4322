using System.Diagnostics;
using System.IO.Compression;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>What a user gets from the package feed.</summary>
[TestFixture]
public sealed class PackageTests
{
    private static readonly string[] s_packages = ["OtelTelemetry", "OtelTelemetry.AspNetCore", "OtelTelemetry.CloudWatch", "OtelTelemetry.LogFiles", "OtelTelemetry.RemoteWrite", "OtelTelemetry.Sqlite", "OtelTelemetry.Testing", "OtelTelemetry.Yaml"];
    private string _output = null!;

    [OneTimeSetUp]
    public void Pack()
    {
        _output = Directory.CreateTempSubdirectory("oteltelemetry-packages-").FullName;
        foreach (var package in s_packages)
        {
            var arguments = new[]
            {
                "pack", Repository.PathTo("src", package), "--no-build", "--configuration", Repository.Configuration,
                "--output", _output, "--nologo", "-nodeReuse:false",
            };
            using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, WorkingDirectory = Repository.Root })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, output);
        }
    }

    [OneTimeTearDown]
    public void Clean() => Directory.Delete(_output, recursive: true);

    [TestCaseSource(nameof(s_packages))]
    public void A_package_holds_the_library_its_documentation_and_the_readme(string package)
    {
        using var archive = ZipFile.OpenRead(Single($"{package}.*.nupkg"));

        Assert.That(archive.Entries.Select(entry => entry.FullName), Is.SupersetOf(new[]
        {
            $"lib/{Repository.Framework}/{package}.dll", $"lib/{Repository.Framework}/{package}.xml", "README.md",
        }));
    }

    [TestCaseSource(nameof(s_packages))]
    public void A_package_says_what_it_is_and_its_licence(string package)
    {
        using var archive = ZipFile.OpenRead(Single($"{package}.*.nupkg"));
        using var reader = new StreamReader(archive.GetEntry($"{package}.nuspec")!.Open());
        var specification = reader.ReadToEnd();

        Assert.That(specification, Does.Contain("<license type=\"expression\">Apache-2.0</license>"));
        Assert.That(specification, Does.Contain("<readme>README.md</readme>"));
        Assert.That(specification, Does.Match("<description>.{40,}</description>"));
    }

    [TestCaseSource(nameof(s_packages))]
    public void A_package_has_its_symbols(string package)
    {
        using var archive = ZipFile.OpenRead(Single($"{package}.*.snupkg"));

        Assert.That(archive.Entries.Select(entry => entry.FullName), Does.Contain($"lib/{Repository.Framework}/{package}.pdb"));
    }

    [Test]
    public void The_package_holds_every_rule_file_and_every_dashboard()
    {
        using var archive = ZipFile.OpenRead(Single("OtelTelemetry.*.nupkg"));

        var expected = new[] { ("rules", "*.rules.yaml"), ("dashboards", "*.json") }
            .SelectMany(content => Directory.GetFiles(Repository.PathTo("docs", "content", content.Item1), content.Item2).Select(file => $"content/{content.Item1}/{Path.GetFileName(file)}"))
            .ToArray();
        Assert.That(expected, Has.Length.GreaterThanOrEqualTo(7));
        Assert.That(archive.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("content/", StringComparison.Ordinal)), Is.EquivalentTo(expected));
    }

    /// <summary>The one file of a package: the version begins with a digit, which tells OtelTelemetry.1.0 from OtelTelemetry.AspNetCore.1.0.</summary>
    private string Single(string pattern)
    {
        var prefix = pattern[..pattern.IndexOf('*')];
        return Directory.GetFiles(_output, pattern).Single(file => char.IsDigit(Path.GetFileName(file)[prefix.Length]));
    }
}
