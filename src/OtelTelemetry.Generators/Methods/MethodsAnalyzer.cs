using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;
using OtelTelemetry.Generators.Support;

namespace OtelTelemetry.Generators.Methods;

/// <summary>Says which calls of methods with [Traced], [Counted] and [Timed] are not measured, and why.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
internal sealed class MethodsAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
    [
        Problems.Inaccessible, Problems.NotInterceptable, Problems.Delegate, Problems.ThroughBase, Problems.BaseCall,
        Problems.LabelType, Problems.MetricName, Problems.SameName, Problems.NoEffect,
    ];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterSymbolAction(CheckDeclaration, SymbolKind.Method);
        context.RegisterOperationAction(CheckLocalFunction, OperationKind.LocalFunction);
        context.RegisterOperationAction(CheckDelegate, OperationKind.MethodReference);
        context.RegisterOperationAction(CheckCall, OperationKind.Invocation);
    }

    private static void CheckLocalFunction(OperationAnalysisContext context) =>
        CheckMethod(((ILocalFunctionOperation)context.Operation).Symbol, context.Compilation, context.ReportDiagnostic);

    private static void CheckDeclaration(SymbolAnalysisContext context) =>
        CheckMethod((IMethodSymbol)context.Symbol, context.Compilation, context.ReportDiagnostic);

    private static void CheckMethod(IMethodSymbol method, Compilation compilation, Action<Diagnostic> report)
    {
        CheckEffects(method, report);
        if (!MeasuredMethods.IsMeasured(method)) return;
        var place = method.Locations.FirstOrDefault();
        if (MeasuredMethods.Problem(method, compilation, place) is { } problem) report(problem);
        CheckName(method, Names.Counted, "counter", report);
        CheckName(method, Names.Timed, "histogram", report);
        MeasuredMethods.Labels(method, report);
        foreach (var above in Above(method))
        {
            if (!MeasuredMethods.IsMeasured(above)) report(Diagnostic.Create(Problems.ThroughBase, place, method.Name, above.ContainingType.Name));
        }
    }

    private static void CheckDelegate(OperationAnalysisContext context)
    {
        var reference = (IMethodReferenceOperation)context.Operation;
        if (MeasuredMethods.IsMeasured(reference.Method)) context.ReportDiagnostic(Diagnostic.Create(Problems.Delegate, reference.Syntax.GetLocation(), reference.Method.Name));
    }

    private static void CheckCall(OperationAnalysisContext context)
    {
        var call = (IInvocationOperation)context.Operation;
        if (call.Syntax is InvocationExpressionSyntax syntax && MethodsGenerator.IsBaseCall(syntax) && MeasuredMethods.IsMeasured(call.TargetMethod))
        {
            context.ReportDiagnostic(Diagnostic.Create(Problems.BaseCall, syntax.GetLocation(), call.TargetMethod.Name));
        }
    }

    private static void CheckName(IMethodSymbol method, string attribute, string what, Action<Diagnostic> report)
    {
        if (Names.Find(method, attribute) is not { } data) return;
        var name = Names.FirstText(data) ?? "";
        var place = data.ApplicationSyntaxReference is { } syntax ? Location.Create(syntax.SyntaxTree, syntax.Span) : method.Locations.FirstOrDefault();
        if (!IsMetricName(name)) report(Diagnostic.Create(Problems.MetricName, place, name, what));
    }

    private static bool IsMetricName(string name) =>
        name.Length is > 0 and <= 255 && name[0] is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') &&
        name.All(c => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '.' or '-' or '/');

    private static void CheckEffects(IMethodSymbol method, Action<Diagnostic> report)
    {
        foreach (var parameter in method.Parameters)
        {
            var place = parameter.Locations.FirstOrDefault();
            if (Names.Has(parameter, Names.SpanAttribute) && !Names.Has(method, Names.Traced))
            {
                report(Diagnostic.Create(Problems.NoEffect, place, "SpanAttribute", parameter.Name, "Traced"));
            }

            // A record's primary constructor has labels of another kind.
            if (method.MethodKind != MethodKind.Constructor && Names.Has(parameter, Names.MetricLabel) && !Names.Has(method, Names.Counted) && !Names.Has(method, Names.Timed))
            {
                report(Diagnostic.Create(Problems.NoEffect, place, "MetricLabel", parameter.Name, "Counted] or [Timed"));
            }
        }
    }

    /// <summary>What the method overrides and implements.</summary>
    private static IEnumerable<IMethodSymbol> Above(IMethodSymbol method)
    {
        if (method.OverriddenMethod is { } overridden) yield return overridden;
        if (method.MethodKind != MethodKind.Ordinary || method.ContainingType.TypeKind == TypeKind.Interface) yield break;
        foreach (var @interface in method.ContainingType.AllInterfaces)
        {
            foreach (var member in @interface.GetMembers(method.Name).OfType<IMethodSymbol>())
            {
                if (SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method)) yield return member;
            }
        }
    }
}
