using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OtelTelemetry.Generators.Support;

namespace OtelTelemetry.Generators.Labels;

/// <summary>Turns record structs with [MetricLabels] into sets of labels.</summary>
[Generator(LanguageNames.CSharp)]
internal sealed class LabelsGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var types = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                Names.MetricLabels,
                (node, _) => node is TypeDeclarationSyntax,
                (found, _) => LabelSets.Read((INamedTypeSymbol)found.TargetSymbol, _ => { }))
            .Where(model => model is not null);
        context.RegisterSourceOutput(types, (output, model) => output.AddSource(model!.File, Write(model)));
    }

    private static string Write(LabelsModel model)
    {
        var code = new CodeWriter();
        if (model.Namespace.Length > 0) code.Line($"namespace {model.Namespace};").Line();
        foreach (var around in model.Around) code.Open(around);
        code.Open($"partial record struct {model.Name} : global::OtelTelemetry.Metrics.Typed.IMetricLabels<{model.Name}>");
        LabelKinds.Write(code, model.Name, [.. model.Labels]);
        code.Close();
        foreach (var _ in model.Around) code.Close();
        return code.ToString();
    }
}
