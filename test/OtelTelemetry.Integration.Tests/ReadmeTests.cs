using System.Text.RegularExpressions;
using OtelTelemetry.Integration.Tests.Servers;
using OtelTelemetry.Integration.Tests.Support;

namespace OtelTelemetry.Integration.Tests;

/// <summary>The README shows what really compiles and what one really sees.</summary>
[TestFixture]
public sealed class ReadmeTests
{
    private static readonly string s_readme = File.ReadAllText(Repository.PathTo("README.md"));

    [Test]
    public void The_code_is_that_of_the_example()
    {
        Assert.That(Block("csharp"), Is.EqualTo(File.ReadAllText(Repository.PathTo("examples", "Quickstart", "Program.cs"))));
    }

    [Test]
    public async Task The_metrics_are_those_of_the_example_after_one_checkout()
    {
        var address = new Uri($"http://127.0.0.1:{FreePort.Next()}");
        using var http = new HttpClient { BaseAddress = address };
        await using var process = ServerProcess.Start(
            "dotnet", [Repository.PathToExample("Quickstart"), "--urls", address.ToString()], ServerProcess.CreateDataFolder());
        await process.WaitUntilReady(() => Task.FromResult(process.Output.ToString().Contains("Application started", StringComparison.Ordinal)));
        using var checkout = await http.PostAsync(new Uri("/checkout", UriKind.Relative), content: null);

        var text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));

        Assert.That(await checkout.Content.ReadAsStringAsync(), Is.EqualTo("1"));
        var shown = Block("text").TrimEnd('\n').Split('\n');
        Assert.That(shown, Has.Length.GreaterThan(10));
        Assert.That(text.Split('\n'), Is.SupersetOf(shown));
    }

    /// <summary>The first code block of a language.</summary>
    private static string Block(string language) =>
        Regex.Match(s_readme, $"```{language}\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
}
