using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OtelTelemetry.Generators.Support;

namespace OtelTelemetry.Generators.Methods;

/// <summary>
/// Rewrites the calls of methods with [Traced], [Counted] and [Timed]: the compiler replaces each by a call of a generated method
/// that measures around it (C# interceptors).
/// </summary>
[Generator(LanguageNames.CSharp)]
internal sealed class MethodsGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var calls = context.SyntaxProvider
            .CreateSyntaxProvider((node, _) => node is InvocationExpressionSyntax, Read)
            .Where(call => call is not null)
            .Select((call, _) => call!)
            .Collect();
        context.RegisterSourceOutput(calls, Write);
    }

    private static CallModel? Read(GeneratorSyntaxContext context, CancellationToken cancellation)
    {
        var call = (InvocationExpressionSyntax)context.Node;
        if (context.SemanticModel.GetSymbolInfo(call, cancellation).Symbol is not IMethodSymbol method || !MeasuredMethods.IsMeasured(method)) return null;
        if (MeasuredMethods.Problem(method, context.SemanticModel.Compilation, null) is not null) return null;
        if (IsBaseCall(call) || IsInExpressionTree(call, context.SemanticModel, cancellation)) return null;
        return context.SemanticModel.GetInterceptableLocation(call, cancellation) is { } location
            ? new CallModel(MeasuredMethods.Read(method), location.GetInterceptsLocationAttributeSyntax())
            : null;
    }

    internal static bool IsBaseCall(InvocationExpressionSyntax call) => call.Expression is MemberAccessExpressionSyntax { Expression: BaseExpressionSyntax };

    /// <summary>A library that reads an expression looks for the method that was written there.</summary>
    private static bool IsInExpressionTree(SyntaxNode call, SemanticModel model, CancellationToken cancellation)
    {
        for (var node = call.Parent; node is not null; node = node.Parent)
        {
            if (node is MemberDeclarationSyntax) return false;
            if (node is QueryExpressionSyntax) return model.GetTypeInfo(node, cancellation).ConvertedType?.Name is "IQueryable";
            if (node is LambdaExpressionSyntax && model.GetTypeInfo(node, cancellation).ConvertedType is { Name: "Expression" } type &&
                type.ContainingNamespace.ToDisplayString() == "System.Linq.Expressions")
            {
                return true;
            }
        }

        return false;
    }

    private static void Write(SourceProductionContext output, ImmutableArray<CallModel> calls)
    {
        if (calls.IsEmpty) return;
        var code = new CodeWriter();
        code.Open("namespace System.Runtime.CompilerServices")
            .Line("[global::System.AttributeUsage(global::System.AttributeTargets.Method, AllowMultiple = true)]")
            .Line("file sealed class InterceptsLocationAttribute(int version, string data) : global::System.Attribute;")
            .Close().Line();
        code.Open("namespace OtelTelemetry.Generated").Open("file static class Interceptors");
        var labels = new List<Action>();
        var number = 0;
        foreach (var method in calls.GroupBy(call => call.Method)) MethodSource.Write(code, number++, method.Key, method.Select(call => call.Location), labels);
        code.Close();
        foreach (var write in labels) write();
        code.Close();
        output.AddSource("Interceptors.g.cs", code.ToString());
    }
}
