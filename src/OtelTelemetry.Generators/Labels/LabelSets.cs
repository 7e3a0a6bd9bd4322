using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using OtelTelemetry.Generators.Support;

namespace OtelTelemetry.Generators.Labels;

/// <summary>Reads a type with [MetricLabels].</summary>
internal static class LabelSets
{
    /// <summary>The model, or null where something is wrong, which <paramref name="report"/> is told.</summary>
    internal static LabelsModel? Read(INamedTypeSymbol type, Action<Diagnostic> report)
    {
        var place = type.Locations.FirstOrDefault();
        if (!type.IsRecord || type.TypeKind != TypeKind.Struct || type.TypeParameters.Length > 0 || !IsPartial(type))
        {
            report(Diagnostic.Create(Problems.NotPartial, place, type.Name));
            return null;
        }

        var labels = new List<LabelModel>();
        var complete = true;
        foreach (var property in type.GetMembers().OfType<IPropertySymbol>())
        {
            if (property.IsStatic || property.IsIndexer || property.SetMethod is null || property.DeclaredAccessibility != Accessibility.Public) continue;
            var named = Names.Find(property, Names.MetricLabel) ?? FindOnParameter(type, property.Name);
            var name = (named is null ? null : Names.FirstText(named)) ?? SnakeCase.Of(property.Name);
            var at = property.Locations.FirstOrDefault() ?? place;
            if (!LabelKinds.CanBeLabel(property.Type))
            {
                report(Diagnostic.Create(Problems.LabelType, at, property.Name, property.Type.ToDisplayString()));
                complete = false;
            }
            else if (!IsLabelName(name))
            {
                report(Diagnostic.Create(Problems.MetricName, at, name, "label"));
                complete = false;
            }
            else if (labels.Any(label => label.Name == name))
            {
                report(Diagnostic.Create(Problems.SameName, at, type.Name, name));
                complete = false;
            }
            else
            {
                labels.Add(LabelKinds.Model(property.Name, name, property.Type));
            }
        }

        if (complete && labels.Count == 0) report(Diagnostic.Create(Problems.NoLabels, place, type.Name));
        if (!complete || labels.Count == 0) return null;
        var space = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();
        return new LabelsModel(space, new(Around(type)), type.Name, new([.. labels]));
    }

    internal static bool IsLabelName(string name) =>
        name.Length > 0 && IsLetter(name[0]) && !name.StartsWith("__", StringComparison.Ordinal) && name.All(c => IsLetter(c) || c is (>= '0' and <= '9') or '.');

    private static bool IsLetter(char c) => c is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') or '_';

    /// <summary>An attribute on a parameter of the primary constructor is not on its property.</summary>
    private static AttributeData? FindOnParameter(INamedTypeSymbol type, string name) =>
        type.InstanceConstructors.SelectMany(constructor => constructor.Parameters)
            .Where(parameter => parameter.Name == name)
            .Select(parameter => Names.Find(parameter, Names.MetricLabel))
            .FirstOrDefault(found => found is not null);

    private static bool IsPartial(INamedTypeSymbol type)
    {
        for (var each = type; each is not null; each = each.ContainingType)
        {
            var partial = each.DeclaringSyntaxReferences.Any(reference =>
                reference.GetSyntax() is TypeDeclarationSyntax declaration && declaration.Modifiers.Any(SyntaxKind.PartialKeyword) && !declaration.Modifiers.Any(SyntaxKind.FileKeyword));
            if (!partial) return false;
        }

        return true;
    }

    private static ImmutableArray<string> Around(INamedTypeSymbol type)
    {
        var around = new Stack<string>();
        for (var each = type.ContainingType; each is not null; each = each.ContainingType)
        {
            var keyword = (each.IsRecord, each.TypeKind) switch
            {
                (true, TypeKind.Struct) => "record struct",
                (true, _) => "record",
                (_, TypeKind.Struct) => "struct",
                (_, TypeKind.Interface) => "interface",
                _ => "class",
            };
            around.Push($"partial {keyword} {each.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat).Replace(", ", ",")}");
        }

        return [.. around];
    }
}
