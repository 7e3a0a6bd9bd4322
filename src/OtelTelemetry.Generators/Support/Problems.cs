using Microsoft.CodeAnalysis;

namespace OtelTelemetry.Generators.Support;

/// <summary>What the generator says of code it cannot work with. The numbers stay: they stand in people's suppressions.</summary>
internal static class Problems
{
    internal static readonly DiagnosticDescriptor Inaccessible = New(
        "OTELT001", DiagnosticSeverity.Warning, "Calls are not measured",
        "Calls of '{0}' are not measured: generated code cannot call it. Make it, its types and the types of its parameters at least internal.");

    internal static readonly DiagnosticDescriptor NotInterceptable = New(
        "OTELT002", DiagnosticSeverity.Warning, "Calls are not measured",
        "Calls of '{0}' are not measured: {1}. Use tracer.Trace(…) in its body instead.");

    internal static readonly DiagnosticDescriptor Delegate = New(
        "OTELT003", DiagnosticSeverity.Warning, "A call through a delegate is not measured",
        "Calls of '{0}' through this delegate are not measured. Write a lambda that calls it.");

    internal static readonly DiagnosticDescriptor ThroughBase = New(
        "OTELT004", DiagnosticSeverity.Warning, "Calls through an interface or base class are not measured",
        "Calls of '{0}' through '{1}' are not measured. Put the attribute there too.");

    internal static readonly DiagnosticDescriptor LabelType = New(
        "OTELT005", DiagnosticSeverity.Error, "Not a label",
        "'{0}' cannot be a label: its type is {1}. Labels are strings, enums, integers and booleans.");

    internal static readonly DiagnosticDescriptor MetricName = New(
        "OTELT006", DiagnosticSeverity.Error, "Wrong name",
        "'{0}' is no name of a {1}. Begin with a letter; go on with letters, digits and underscores.");

    internal static readonly DiagnosticDescriptor BaseCall = New(
        "OTELT007", DiagnosticSeverity.Info, "A call of the base class is not measured",
        "This call of '{0}' is not measured, since only the class itself can make it.");

    internal static readonly DiagnosticDescriptor NoEffect = New(
        "OTELT008", DiagnosticSeverity.Warning, "The attribute has no effect",
        "[{0}] of '{1}' has no effect: the method has no [{2}].");

    internal static readonly DiagnosticDescriptor NotPartial = New(
        "OTELT010", DiagnosticSeverity.Error, "Not a set of labels",
        "'{0}' cannot be made a set of labels: declare it, and the types around it, partial, and itself as a record struct without type parameters.");

    internal static readonly DiagnosticDescriptor NoLabels = New(
        "OTELT011", DiagnosticSeverity.Error, "No labels",
        "'{0}' has no labels. Give it parameters, or properties that can be set.");

    internal static readonly DiagnosticDescriptor SameName = New(
        "OTELT012", DiagnosticSeverity.Error, "Two labels of one name",
        "'{0}' has two labels of the name '{1}'. Name one of them by [MetricLabel].");

    private static DiagnosticDescriptor New(string id, DiagnosticSeverity severity, string title, string message) =>
        new(id, title, message, "OtelTelemetry", severity, isEnabledByDefault: true);
}
