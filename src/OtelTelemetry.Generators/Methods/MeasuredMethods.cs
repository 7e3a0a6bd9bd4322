using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OtelTelemetry.Generators.Labels;
using OtelTelemetry.Generators.Support;

namespace OtelTelemetry.Generators.Methods;

/// <summary>Reads a method with [Traced], [Counted] or [Timed].</summary>
internal static class MeasuredMethods
{
    internal static bool IsMeasured(IMethodSymbol method)
    {
        foreach (var attribute in method.GetAttributes())
        {
            if (attribute.AttributeClass is { Name: "TracedAttribute" or "CountedAttribute" or "TimedAttribute" } type &&
                type.ContainingNamespace is { Name: "Instrumentation", ContainingNamespace: { Name: "OtelTelemetry", ContainingNamespace.IsGlobalNamespace: true } })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Why the calls of a method cannot be measured, or null when they can.</summary>
    internal static Diagnostic? Problem(IMethodSymbol method, Compilation compilation, Location? place)
    {
        string? why = method switch
        {
            { MethodKind: MethodKind.LocalFunction } => "it is a local function",
            { MethodKind: not (MethodKind.Ordinary or MethodKind.ExplicitInterfaceImplementation or MethodKind.ReducedExtension) } => "only methods can be, and it is none",
            { MethodKind: MethodKind.ExplicitInterfaceImplementation } => "it can be called through its interface only; put the attribute on the interface's method",
            _ when method.Parameters.Any(parameter => parameter.Type.TypeKind == TypeKind.Pointer) => "it has a pointer among its parameters",
            _ when IsIterator(method) => "it returns a sequence, which is made while it is read",
            _ => null,
        };
        if (why is not null) return Diagnostic.Create(Problems.NotInterceptable, place, method.Name, why);
        var accessible = compilation.IsSymbolAccessibleWithin(method.OriginalDefinition, compilation.Assembly)
            && method.OriginalDefinition.Parameters.All(parameter => IsAccessible(parameter.Type, compilation))
            && IsAccessible(method.OriginalDefinition.ReturnType, compilation)
            && !IsFileLocal(method.ContainingType);
        return accessible ? null : Diagnostic.Create(Problems.Inaccessible, place, method.Name);
    }

    /// <summary>The arguments that become labels, with what is wrong about them.</summary>
    internal static IReadOnlyList<LabelModel> Labels(IMethodSymbol method, Action<Diagnostic> report)
    {
        var labels = new List<LabelModel>();
        foreach (var parameter in method.Parameters)
        {
            if (Names.Find(parameter, Names.MetricLabel) is not { } attribute) continue;
            var name = Names.FirstText(attribute) ?? SnakeCase.Of(parameter.Name);
            var place = parameter.Locations.FirstOrDefault();
            if (!LabelKinds.CanBeLabel(parameter.Type)) report(Diagnostic.Create(Problems.LabelType, place, parameter.Name, parameter.Type.ToDisplayString()));
            else if (parameter.RefKind == RefKind.Out) report(Diagnostic.Create(Problems.LabelType, place, parameter.Name, "out " + parameter.Type.ToDisplayString()));
            else if (!LabelSets.IsLabelName(name)) report(Diagnostic.Create(Problems.MetricName, place, name, "label"));
            else if (name == "error_type" || labels.Any(label => label.Name == name)) report(Diagnostic.Create(Problems.SameName, place, method.Name, name));
            else labels.Add(LabelKinds.Model(parameter.Name, name, parameter.Type));
        }

        return labels;
    }

    internal static MethodModel Read(IMethodSymbol called)
    {
        var method = (called.ReducedFrom ?? called).OriginalDefinition;
        var isExtension = called.ReducedFrom is not null;
        var type = method.ContainingType;
        var traced = Names.Find(method, Names.Traced);
        var counted = Names.Find(method, Names.Counted);
        var timed = Names.Find(method, Names.Timed);
        var parameters = method.Parameters.Select((parameter, index) => Read(parameter, isThis: isExtension && index == 0, traced is not null)).ToList();
        var ofTypes = TypeParametersAround(type);
        var all = ofTypes.Concat(method.TypeParameters).ToList();
        var own = Brackets(method.TypeParameters);
        var typeName = type.Name + "." + method.Name;
        return new MethodModel(
            method.IsStatic ? Names.Code(type) : "self",
            method.Name,
            type.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat) + "." + method.Name,
            method.IsStatic ? "" : $"this {Receiver(method)}{Names.Code(type)} self",
            Brackets(all),
            own,
            string.Concat(all.Select(Constraint)),
            (method.ReturnsByRef ? "ref " : method.ReturnsByRefReadonly ? "ref readonly " : "") + Names.Code(method.ReturnType),
            Kind(method),
            new([.. parameters]),
            counted is null && timed is null ? default : new([.. Labels(method, _ => { })]),
            traced is null ? null : Names.New(traced, Names.FirstText(traced) ?? typeName),
            counted is null ? null : Names.New(counted),
            timed is null ? null : Names.New(timed));
    }

    private static string Receiver(IMethodSymbol method) => !method.ContainingType.IsValueType ? "" : method.IsReadOnly ? "in " : "ref ";

    private static ParameterModel Read(IParameterSymbol parameter, bool isThis, bool traced)
    {
        var (declared, passed) = parameter.RefKind switch
        {
            RefKind.Ref => ("ref ", "ref "),
            RefKind.Out => ("out ", "out "),
            RefKind.In => ("in ", "in "),
            RefKind.RefReadOnlyParameter => ("ref readonly ", "in "),
            _ => ("", ""),
        };
        var scoped = parameter.ScopedKind == ScopedKind.None || parameter.RefKind == RefKind.Out || parameter.IsParams ? "" : "scoped ";
        var attribute = traced && parameter.RefKind != RefKind.Out && !parameter.Type.IsRefLikeType ? Names.Find(parameter, Names.SpanAttribute) : null;
        return new ParameterModel(
            $"{(isThis ? "this " : "")}{scoped}{declared}{Names.Code(parameter.Type)} @{parameter.Name}",
            $"{passed}@{parameter.Name}",
            "@" + parameter.Name,
            attribute is null ? null : Names.FirstText(attribute) ?? SnakeCase.Of(parameter.Name));
    }

    private static ReturnKind Kind(IMethodSymbol method)
    {
        if (method.ReturnsVoid) return ReturnKind.Nothing;
        if (method.ReturnsByRef || method.ReturnsByRefReadonly) return ReturnKind.Reference;
        var isTask = method.ReturnType is { Name: "Task" or "ValueTask" } type && type.ContainingNamespace?.ToDisplayString() == "System.Threading.Tasks";
        return isTask ? ReturnKind.Task : ReturnKind.Value;
    }

    private static bool IsIterator(IMethodSymbol method) => method.ReturnType.Name switch
    {
        "IAsyncEnumerable" or "IAsyncEnumerator" => true,
        "IEnumerable" or "IEnumerator" => method.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax()
            .DescendantNodes(node => node is not (LambdaExpressionSyntax or LocalFunctionStatementSyntax)).Any(node => node is YieldStatementSyntax)),
        _ => false,
    };

    private static bool IsAccessible(ITypeSymbol type, Compilation compilation) => type switch
    {
        ITypeParameterSymbol or IDynamicTypeSymbol => true,
        IArrayTypeSymbol array => IsAccessible(array.ElementType, compilation),
        INamedTypeSymbol named => compilation.IsSymbolAccessibleWithin(named.OriginalDefinition, compilation.Assembly) && !IsFileLocal(named)
            && named.TypeArguments.All(argument => IsAccessible(argument, compilation)),
        _ => compilation.IsSymbolAccessibleWithin(type, compilation.Assembly),
    };

    private static bool IsFileLocal(INamedTypeSymbol? type)
    {
        for (; type is not null; type = type.ContainingType)
        {
            if (type.IsFileLocal) return true;
        }

        return false;
    }

    private static List<ITypeParameterSymbol> TypeParametersAround(INamedTypeSymbol? type)
    {
        var all = new List<ITypeParameterSymbol>();
        for (; type is not null; type = type.ContainingType) all.InsertRange(0, type.TypeParameters);
        return all;
    }

    private static string Brackets(IReadOnlyCollection<ITypeParameterSymbol> parameters) =>
        parameters.Count == 0 ? "" : "<" + string.Join(", ", parameters.Select(parameter => parameter.Name)) + ">";

    private static string Constraint(ITypeParameterSymbol parameter)
    {
        var parts = new List<string>();
        if (parameter.HasUnmanagedTypeConstraint) parts.Add("unmanaged");
        else if (parameter.HasValueTypeConstraint) parts.Add("struct");
        else if (parameter.HasReferenceTypeConstraint) parts.Add(parameter.ReferenceTypeConstraintNullableAnnotation == NullableAnnotation.Annotated ? "class?" : "class");
        else if (parameter.HasNotNullConstraint) parts.Add("notnull");
        parts.AddRange(parameter.ConstraintTypes.Select(Names.Code));
        if (parameter.HasConstructorConstraint) parts.Add("new()");
        if (parameter.AllowsRefLikeType) parts.Add("allows ref struct");
        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }
}
