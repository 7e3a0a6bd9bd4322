using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OtelTelemetry.Generators.Labels;
using OtelTelemetry.Generators.Methods;

namespace OtelTelemetry.AspNetCore.Tests.Documentation;

/// <summary>
/// Compiles blocks as one program of the Web SDK against the product. Using directives move to the front and types to the end,
/// as C# wants them; errors name the page and its line.
/// </summary>
internal static class SampleCompiler
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Net.Http.Json;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using Microsoft.AspNetCore.Builder;
        global using Microsoft.AspNetCore.Hosting;
        global using Microsoft.AspNetCore.Http;
        global using Microsoft.AspNetCore.Routing;
        global using Microsoft.Extensions.Configuration;
        global using Microsoft.Extensions.DependencyInjection;
        global using Microsoft.Extensions.Hosting;
        global using Microsoft.Extensions.Logging;
        """;

    private static readonly CSharpParseOptions s_language = new CSharpParseOptions(LanguageVersion.CSharp14)
        .WithFeatures([new("InterceptorsNamespaces", "OtelTelemetry.Generated")]);

    private static readonly MetadataReference[] s_references =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>A block that makes its own builder is a program of its own; the others of a page build on each other.</summary>
    public static IEnumerable<IReadOnlyList<Block>> Programs(IEnumerable<Block> blocks)
    {
        var together = new List<Block>();
        foreach (var block in blocks)
        {
            if (Regex.IsMatch(block.Text, @"\bCreate\w*Builder\(")) yield return [block];
            else together.Add(block);
        }

        if (together.Count > 0) yield return together;
    }

    /// <summary>The errors and warnings, each with its place.</summary>
    public static IReadOnlyList<string> Compile(IReadOnlyList<Block> blocks)
    {
        // What is no C# at all would be lost when the blocks are taken apart.
        string[] unreadable = [.. blocks.SelectMany(block => CSharpSyntaxTree.ParseText($"{LineOf(block.Line, block)}{block.Text}", s_language).GetDiagnostics()).Select(Describe)];
        if (unreadable.Length > 0) return unreadable;
        var compilation = CSharpCompilation.Create(
            "Sample",
            [CSharpSyntaxTree.ParseText(ImplicitUsings, s_language), CSharpSyntaxTree.ParseText(Combine(blocks), s_language)],
            s_references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new LabelsGenerator().AsSourceGenerator(), new MethodsGenerator().AsSourceGenerator()], parseOptions: s_language)
            .RunGeneratorsAndUpdateCompilation(compilation, out var complete, out _);
        return [.. complete.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning).Select(Describe)];
    }

    private static string Combine(IReadOnlyList<Block> blocks)
    {
        var (usings, statements, types) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        foreach (var block in blocks)
        {
            var unit = CSharpSyntaxTree.ParseText(block.Text, s_language).GetCompilationUnitRoot();
            foreach (var directive in unit.Usings) Append(usings, block, directive);
            foreach (var member in unit.Members) Append(member is GlobalStatementSyntax ? statements : types, block, member);
        }

        return $"{usings}{statements}{types}";
    }

    private static void Append(StringBuilder text, Block block, SyntaxNode node) =>
        text.Append(LineOf(block.Line + node.SyntaxTree.GetLineSpan(node.FullSpan).StartLinePosition.Line, block)).Append(node.ToFullString()).Append('\n');

    private static string LineOf(int line, Block block) => $"#line {line} \"{block.Page}\"\n";

    private static string Describe(Diagnostic diagnostic)
    {
        var place = diagnostic.Location.GetMappedLineSpan();
        return $"{place.Path}:{place.StartLinePosition.Line + 1}: {diagnostic.Id}: {diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}";
    }
}
