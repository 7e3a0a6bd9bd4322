using System.Diagnostics;
using System.IO.Compression;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>A project of somebody else's, which has nothing of this repository but the packages.</summary>
[TestFixture]
public sealed class PackagedProjectTests
{
    private DirectoryInfo _folder = null!;
    private string _packages = null!;

    [OneTimeSetUp]
    public void Pack()
    {
        _folder = Directory.CreateTempSubdirectory("oteltelemetry-packaged-");
        _packages = Path.Combine(_folder.FullName, "packages");
        foreach (var package in new[] { "OtelTelemetry", "OtelTelemetry.Generators" })
        {
            Run("pack", Repository.PathTo("src", package), "--no-build", "--configuration", Repository.Configuration, "--output", _packages, "--nologo", "-nodeReuse:false");
        }
    }

    [OneTimeTearDown]
    public void Clean() => _folder.Delete(recursive: true);

    [Test]
    public void The_generators_package_holds_a_generator_and_lets_it_rewrite_calls()
    {
        using var archive = ZipFile.OpenRead(Directory.GetFiles(_packages, "OtelTelemetry.Generators.*.nupkg").Single());

        var entries = archive.Entries.Select(entry => entry.FullName).ToArray();
        Assert.That(entries, Is.SupersetOf(new[] { "analyzers/dotnet/cs/OtelTelemetry.Generators.dll", "build/OtelTelemetry.Generators.props", "README.md" }));
        Assert.That(entries, Has.None.StartsWith("lib/"), "nothing of it is in the program");
    }

    [Test]
    public void A_project_with_the_packages_has_traced_and_counted_methods_and_typed_labels()
    {
        var project = Path.Combine(_folder.FullName, "Shop");
        Directory.CreateDirectory(project);
        // A packages folder of its own, so that no package of an earlier build is taken; what it does not have comes from the machine's.
        File.WriteAllText(Path.Combine(project, "Shop.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>{Repository.Framework}</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NoWarn>$(NoWarn);NU1603</NoWarn>
                <NuGetAudit>false</NuGetAudit>
                <RestoreAdditionalProjectSources>{_packages}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{Path.Combine(_folder.FullName, "restored")}</RestorePackagesPath>
                <RestoreFallbackFolders>{Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages")}</RestoreFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="OtelTelemetry" Version="0.1.0" />
                <PackageReference Include="OtelTelemetry.Generators" Version="0.1.0" PrivateAssets="all" />
              </ItemGroup>
            </Project>
            """);
        File.WriteAllText(Path.Combine(project, "Program.cs"), """
            using System.Diagnostics;
            using OtelTelemetry.Instrumentation;
            using OtelTelemetry.Metrics;

            using var listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == TracedAttribute.DefaultSource,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = span => Console.WriteLine($"span {span.OperationName} {span.GetTagItem("order.id")}"),
            };
            ActivitySource.AddActivityListener(listener);
            await Shop.OrderAsync("a-1", Kind.LargeBook);
            Console.WriteLine($"counted {((Counter)MetricsRegistry.Default.Metrics.Single(metric => metric.Name == "orders_total")).Get("large_book", "")}");
            var typed = new MetricsCollector().CreateCounter<Labels>("typed_total");
            typed.Inc(new(Kind.Map, 7));
            Console.WriteLine($"typed {typed.Untyped.Get("map", "7")}");

            enum Kind { LargeBook, Map }

            [MetricLabels]
            readonly partial record struct Labels(Kind Kind, int Shelf);

            static class Shop
            {
                [Traced("order"), Counted("orders_total")]
                internal static Task OrderAsync([SpanAttribute("order.id")] string id, [MetricLabel] Kind kind) => Task.CompletedTask;
            }
            """);

        Run("build", project, "--configuration", "Release", "--nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false");
        var output = Run(Path.Combine(project, "bin", "Release", Repository.Framework, "Shop.dll"));

        Assert.That(output.ReplaceLineEndings("\n"), Is.EqualTo("span order a-1\ncounted 1\ntyped 1\n"));
    }

    private static string Run(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, WorkingDirectory = Repository.Root })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.That(process.ExitCode, Is.Zero, output);
        return output;
    }
}
