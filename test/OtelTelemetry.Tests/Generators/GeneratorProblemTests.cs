using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using OtelTelemetry.Generators.Labels;
using OtelTelemetry.Generators.Methods;

namespace OtelTelemetry.Tests.Generators;

/// <summary>What the generator says of code it cannot work with, and that what it makes compiles.</summary>
public class GeneratorProblemTests
{
    [TestCase("OTELT001: a private method", """
        class Shop { [Traced] private void Hidden() { } void Run() => Hidden(); }
        """)]
    [TestCase("OTELT001: a private type among the parameters", """
        class Shop { class Order; [Traced] private protected void Take(Order order) { } void Run() => Take(new Order()); }
        """)]
    [TestCase("OTELT002: a local function", """
        class Shop { void Run() { Inner(); [Traced] static void Inner() { } } }
        """)]
    [TestCase("OTELT002: an iterator", """
        class Shop { [Traced] internal IEnumerable<int> Numbers() { yield return 1; } void Run() => Numbers(); }
        """)]
    [TestCase("OTELT002: an asynchronous sequence", """
        interface IShop { [Traced] IAsyncEnumerable<int> Numbers(); }
        """)]
    [TestCase("OTELT003: a delegate", """
        class Shop { [Traced] internal static void Open() { } Action Run() => Open; }
        """)]
    [TestCase("OTELT004: an interface without the attribute", """
        interface IShop { void Open(); }
        class Shop : IShop { [Traced] public void Open() { } }
        """)]
    [TestCase("OTELT004: an overridden method without the attribute", """
        class Base { internal virtual void Open() { } }
        class Shop : Base { [Traced] internal override void Open() { } }
        """)]
    [TestCase("OTELT005: a label of another type", """
        class Shop { [Counted("a_total")] internal void Open([MetricLabel] double amount) { } }
        """)]
    [TestCase("OTELT006: a wrong name", """
        class Shop { [Counted("1 total")] internal void Open() { } }
        """)]
    [TestCase("OTELT007: a call of the base class", """
        class Base { [Traced] internal virtual void Open() { } }
        class Shop : Base { [Traced] internal override void Open() => base.Open(); }
        """)]
    [TestCase("OTELT008: a label of a method without a metric", """
        class Shop { [Traced] internal void Open([MetricLabel] string name) { } }
        """)]
    [TestCase("OTELT008: an attribute of a method without a span", """
        class Shop { [Counted("a_total")] internal void Open([SpanAttribute] string name) { } }
        """)]
    [TestCase("OTELT010: labels that are not partial", """
        [MetricLabels] record struct Labels(string A);
        """)]
    [TestCase("OTELT010: labels in a type that is not partial", """
        class Shop { [MetricLabels] internal partial record struct Labels(string A); }
        """)]
    [TestCase("OTELT005: a set with a label of another type", """
        [MetricLabels] partial record struct Labels(string A, decimal B);
        """)]
    [TestCase("OTELT011: labels without a label", """
        [MetricLabels] partial record struct Labels;
        """)]
    [TestCase("OTELT012: two labels of one name", """
        [MetricLabels] partial record struct Labels(string UserName, [MetricLabel("user_name")] string B);
        """)]
    [TestCase("OTELT012: the label that every counter of calls has", """
        class Shop { [Counted("a_total")] internal void Open([MetricLabel] string errorType) { } }
        """)]
    public async Task A_problem_is_told(string expected, string code)
    {
        var (diagnostics, _) = await CompileAsync(code);

        Assert.That(diagnostics.Select(diagnostic => diagnostic.Id).Distinct(), Is.EqualTo(new[] { expected[..expected.IndexOf(':')] }),
            string.Join('\n', diagnostics));
    }

    [Test]
    public async Task Good_code_has_no_problem_and_what_is_generated_compiles()
    {
        var (diagnostics, compilation) = await CompileAsync("""
            namespace Shops
            {
                public partial class Around<T>
                {
                    [MetricLabels] public partial record struct Labels(string @class, DayOfWeek Day);
                    [Traced, Counted("b_total")] public static T Twice<U>([MetricLabel] DayOfWeek day, T value, U other = default!) where U : struct => value;
                }

                class Shop : Around<int>
                {
                    [Traced, Timed("c_seconds", Buckets = new[] { 0.1, 1 })] public async Task<int?> RunAsync(string? a = null, params int[] rest) => await Task.FromResult<int?>(Twice(DayOfWeek.Friday, 1, 2L));
                    async Task Use() => await RunAsync(rest: [1, 2]);
                }
            }
            """);

        Assert.That(diagnostics, Is.Empty);
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.That(result.Diagnostics.Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning), Is.Empty);
        Assert.That(result.Success);
    }

    [Test]
    public void A_change_elsewhere_generates_nothing_anew()
    {
        var compilation = Compilation("class Shop { [Traced] internal void Open() { } void Run() => Open(); }");
        GeneratorDriver driver = CSharpGeneratorDriver.Create(
            [new MethodsGenerator().AsSourceGenerator()],
            parseOptions: s_parsing,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        driver = driver.RunGenerators(compilation);
        driver = driver.RunGenerators(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Other;", s_parsing)));

        var outputs = driver.GetRunResult().Results.Single().TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs);
        Assert.That(outputs.Select(output => output.Reason), Is.All.EqualTo(IncrementalStepRunReason.Cached));
    }

    private static readonly CSharpParseOptions s_parsing = new CSharpParseOptions(LanguageVersion.CSharp14)
        .WithFeatures([new("InterceptorsNamespaces", "OtelTelemetry.Generated")]);

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    private static CSharpCompilation Compilation(string code) => CSharpCompilation.Create(
        "sample",
        [CSharpSyntaxTree.ParseText($"""
            using System; using System.Collections.Generic; using System.Threading.Tasks; using OtelTelemetry.Instrumentation; using OtelTelemetry.Metrics;
            {code}
            """, s_parsing, path: "/sample.cs")],
        s_references,
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    private static async Task<(IReadOnlyList<Diagnostic> Diagnostics, Compilation Compilation)> CompileAsync(string code)
    {
        CSharpGeneratorDriver.Create([new LabelsGenerator().AsSourceGenerator(), new MethodsGenerator().AsSourceGenerator()], parseOptions: s_parsing)
            .RunGeneratorsAndUpdateCompilation(Compilation(code), out var compilation, out var ofGenerators);
        var analyzers = compilation.WithAnalyzers(ImmutableArray.Create<DiagnosticAnalyzer>(new LabelsAnalyzer(), new MethodsAnalyzer()));
        var found = await analyzers.GetAnalyzerDiagnosticsAsync();
        return ([.. ofGenerators, .. found], compilation);
    }
}
