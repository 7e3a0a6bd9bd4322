using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace OtelTelemetry.Generators.Support;

/// <summary>The names of what the generator knows of the library, and how symbols are written.</summary>
internal static class Names
{
    internal const string MetricLabels = "OtelTelemetry.Metrics.MetricLabelsAttribute";
    internal const string MetricLabel = "OtelTelemetry.Metrics.MetricLabelAttribute";
    internal const string MetricLabelValue = "OtelTelemetry.Metrics.MetricLabelValueAttribute";
    internal const string Traced = "OtelTelemetry.Instrumentation.TracedAttribute";
    internal const string Counted = "OtelTelemetry.Instrumentation.CountedAttribute";
    internal const string Timed = "OtelTelemetry.Instrumentation.TimedAttribute";
    internal const string SpanAttribute = "OtelTelemetry.Instrumentation.SpanAttributeAttribute";

    private static readonly SymbolDisplayFormat s_type = SymbolDisplayFormat.FullyQualifiedFormat.AddMiscellaneousOptions(
        SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    private static readonly SymbolDisplayFormat s_attribute = SymbolDisplayFormat.CSharpErrorMessageFormat;

    /// <summary>A type as generated code writes it.</summary>
    internal static string Code(ITypeSymbol type) => type.ToDisplayString(s_type);

    /// <summary>A text as generated code writes it.</summary>
    internal static string Code(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    internal static AttributeData? Find(ISymbol symbol, string attribute)
    {
        foreach (var data in symbol.GetAttributes())
        {
            if (data.AttributeClass?.ToDisplayString(s_attribute) == attribute) return data;
        }

        return null;
    }

    internal static bool Has(ISymbol symbol, string attribute) => Find(symbol, attribute) is not null;

    /// <summary>The text in an attribute's first argument, if there is one.</summary>
    internal static string? FirstText(AttributeData data) =>
        data.ConstructorArguments.Length > 0 ? data.ConstructorArguments[0].Value as string : null;

    /// <summary>An attribute as the expression that makes it, with what was written in the code.</summary>
    internal static string New(AttributeData data, string? firstArgument = null)
    {
        var arguments = data.ConstructorArguments.Select(argument => argument.ToCSharpString()).ToList();
        if (firstArgument is not null) arguments = [Code(firstArgument)];
        var properties = data.NamedArguments.Select(pair => pair.Key + " = " + Value(pair.Value)).ToList();
        return $"new global::{data.AttributeClass!.ToDisplayString(s_attribute)}({string.Join(", ", arguments)})" +
            (properties.Count > 0 ? " { " + string.Join(", ", properties) + " }" : "");
    }

    private static string Value(TypedConstant value) => value.Kind switch
    {
        TypedConstantKind.Array => "new double[] { " + string.Join(", ", value.Values.Select(item => item.ToCSharpString())) + " }",
        TypedConstantKind.Enum => $"({Code(value.Type!)})({System.Convert.ToString(value.Value, System.Globalization.CultureInfo.InvariantCulture)})",
        _ => value.ToCSharpString(),
    };
}
