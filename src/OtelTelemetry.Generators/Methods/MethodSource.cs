using OtelTelemetry.Generators.Support;

namespace OtelTelemetry.Generators.Methods;

/// <summary>Writes the method that takes the place of a measured one in its calls.</summary>
internal static class MethodSource
{
    private const string Measuring = "global::OtelTelemetry.Instrumentation.";

    internal static void Write(CodeWriter code, int number, MethodModel method, IEnumerable<string> locations, List<Action> types)
    {
        var labels = method.Labels.Count == 0 ? Measuring + "NoLabels" : $"Labels{number}";
        code.Line($"private static readonly {Measuring}MeasuredMethod<{labels}> s_method{number} = new(")
            .Line($"    {Names.Code(method.Function)}, {method.Traced ?? "null"}, {method.Counted ?? "null"}, {method.Timed ?? "null"});")
            .Line();
        foreach (var location in locations) code.Line(location);
        var parameters = method.Parameters.Select(parameter => parameter.Declaration);
        if (method.Self.Length > 0) parameters = new[] { method.Self }.Concat(parameters);
        code.Open($"internal static {method.Returns} Call{number}{method.TypeParameters}({string.Join(", ", parameters)}){method.Constraints}");
        code.Line($"var measured = s_method{number}.Start(new {labels}({string.Concat(method.Labels.Select(label => $"@{label.Member}, "))}null));");
        WriteAttributes(code, method);
        var call = $"{method.Call}.@{method.Name}{method.TypeArguments}({string.Join(", ", method.Parameters.Select(parameter => parameter.Argument))})";
        code.Open("try");
        switch (method.Kind)
        {
            case ReturnKind.Task:
                code.Line($"return measured.EndAsync({call});");
                break;
            case ReturnKind.Nothing:
                code.Line($"{call};").Line("measured.End();");
                break;
            case ReturnKind.Reference:
                code.Line($"ref {(method.Returns.StartsWith("ref readonly", StringComparison.Ordinal) ? "readonly " : "")}var result = ref {call};")
                    .Line("measured.End();").Line("return ref result;");
                break;
            default:
                code.Line($"var result = {call};").Line("measured.End();").Line("return result;");
                break;
        }

        code.Close().Open("catch (global::System.Exception exception)").Line("measured.Fail(exception);").Line("throw;").Close().Close().Line();
        if (method.Labels.Count > 0) types.Add(() => WriteLabels(code, labels, method));
    }

    private static void WriteAttributes(CodeWriter code, MethodModel method)
    {
        var attributes = method.Parameters.Where(parameter => parameter.Attribute is not null).ToList();
        if (attributes.Count == 0) return;
        code.Open("if (measured.IsRecording)");
        foreach (var parameter in attributes) code.Line($"measured.SetAttribute({Names.Code(parameter.Attribute!)}, {parameter.Name});");
        code.Close();
    }

    private static void WriteLabels(CodeWriter code, string name, MethodModel method)
    {
        var error = new LabelModel("errorType", "error_type", "string?", LabelKind.Text, default);
        LabelModel[] all = [.. method.Labels, error];
        code.Line().Open($"file readonly struct {name} : {Measuring}IMeasuredLabels<{name}>");
        foreach (var label in all) code.Line($"private readonly {label.Type} @{label.Member};");
        code.Line();
        code.Open($"internal {name}({string.Join(", ", all.Select(label => $"{label.Type} @{label.Member}"))})");
        foreach (var label in all) code.Line($"this.@{label.Member} = @{label.Member};");
        code.Close().Line();
        LabelKinds.Write(code, name, all);
        code.Line().Line("/// <inheritdoc/>")
            .Line($"public {name} WithError(string error) => new({string.Concat(method.Labels.Select(label => $"this.@{label.Member}, "))}error);")
            .Close();
    }
}
