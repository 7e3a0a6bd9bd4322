namespace OtelTelemetry.AspNetCore.Tests.Documentation;

/// <summary>Every C# sample of the documentation compiles, without a warning, as a user of the Web SDK would have it.</summary>
public class CodeSampleTests
{
    private static IEnumerable<string> PagesWithCode => Page.All.Where(page => page.Blocks("csharp").Any()).Select(page => page.Name);

    [Test]
    public void The_pages_with_code_are_found() =>
        Assert.That(PagesWithCode, Is.SupersetOf(new[] { "README.md", "docs/configuration.md", "docs/hosting.md", "docs/metrics.md", "docs/otlp.md", "docs/tracing.md" }));

    [TestCaseSource(nameof(PagesWithCode))]
    public void Every_sample_compiles(string page) =>
        Assert.That(SampleCompiler.Programs(Page.Named(page).Blocks("csharp")).SelectMany(SampleCompiler.Compile), Is.Empty);

    [TestCase("var metrics = new OtelTelemetry.Metrics.MetricsCollector();\nmetrics.CreateTally(\"orders\");", "page.md:8: CS1061")]
    [TestCase("int orders = null;", "page.md:7: CS0037")]
    [TestCase("builder.Run();", "page.md:7: CS0103")]
    [TestCase("int? none = null;\n...", "page.md:8: CS")]
    public void What_does_not_compile_is_told_with_its_place(string code, string expected) =>
        Assert.That(SampleCompiler.Compile([new Block("page.md", 7, code)]), Has.Some.StartsWith(expected));

    [Test]
    public void Blocks_build_on_each_other_in_any_form() =>
        Assert.That(
            SampleCompiler.Compile(
            [
                new Block("page.md", 1, "class Shop { public int Orders => 1; }"),
                new Block("page.md", 9, "using System.Text;\n\nvar text = new StringBuilder().Append(new Shop().Orders);"),
                new Block("page.md", 20, "Console.WriteLine(text);"),
            ]),
            Is.Empty);
}
