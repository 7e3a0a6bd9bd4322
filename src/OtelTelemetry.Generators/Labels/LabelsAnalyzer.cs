using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using OtelTelemetry.Generators.Support;

namespace OtelTelemetry.Generators.Labels;

/// <summary>Says why a type with [MetricLabels] cannot be a set of labels.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class LabelsAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Problems.NotPartial, Problems.NoLabels, Problems.SameName, Problems.LabelType, Problems.MetricName];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(
            symbol =>
            {
                if (Names.Has(symbol.Symbol, Names.MetricLabels)) LabelSets.Read((INamedTypeSymbol)symbol.Symbol, symbol.ReportDiagnostic);
            },
            SymbolKind.NamedType);
    }
}
