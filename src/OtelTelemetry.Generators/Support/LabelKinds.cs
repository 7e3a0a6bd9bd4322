using Microsoft.CodeAnalysis;

namespace OtelTelemetry.Generators.Support;

/// <summary>How a label of each type is written, hashed and compared.</summary>
internal static class LabelKinds
{
    internal static bool CanBeLabel(ITypeSymbol type) => type.TypeKind == TypeKind.Enum || type.SpecialType is
        SpecialType.System_String or SpecialType.System_Boolean or
        SpecialType.System_SByte or SpecialType.System_Byte or SpecialType.System_Int16 or SpecialType.System_UInt16 or
        SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Int64 or SpecialType.System_UInt64;

    /// <summary>The model of a label, whose type can be one.</summary>
    internal static LabelModel Model(string member, string label, ITypeSymbol type)
    {
        if (type is not INamedTypeSymbol { TypeKind: TypeKind.Enum } @enum)
        {
            return new LabelModel(member, label, Names.Code(type), type.SpecialType switch
            {
                SpecialType.System_String => LabelKind.Text,
                SpecialType.System_Boolean => LabelKind.Boolean,
                _ => LabelKind.Integer,
            }, default);
        }

        // Several names of one value: the first stands for it.
        var seen = new HashSet<object>();
        var members = @enum.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue && seen.Add(field.ConstantValue!)).Select(field =>
            new EnumMember(
                Names.Code(@enum) + ".@" + field.Name,
                Names.Find(field, Names.MetricLabelValue) is { } named ? Names.FirstText(named) ?? "" : SnakeCase.Of(field.Name)));
        return new LabelModel(member, label, Names.Code(type), LabelKind.Enum, new([.. members]));
    }

    /// <summary>Writes the three methods of a set of labels.</summary>
    internal static void Write(CodeWriter code, string type, IReadOnlyList<LabelModel> labels)
    {
        code.Line($"private static readonly string[] s_labelNames = {{ {string.Join(", ", labels.Select(label => Names.Code(label.Name)))} }};");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public static global::System.Collections.Generic.IReadOnlyList<string> LabelNames => s_labelNames;");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public readonly int GetHash()").Open("unchecked").Line("var hash = 0;");
        foreach (var label in labels) code.Line($"hash = (hash ^ {Hash(label)}) * -1640531535;");
        code.Line("return hash ^ (hash >>> 15);").Close().Close();
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public readonly bool Same(in {type} other) => {string.Join(" && ", labels.Select(label => $"this.@{label.Member} == other.@{label.Member}"))};");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Open("public readonly void WriteTo(global::System.Span<string> values)");
        for (var i = 0; i < labels.Count; i++) WriteValue(code, i, labels[i]);
        code.Close();
    }

    private static string Hash(LabelModel label) => label.Kind switch
    {
        LabelKind.Text => $"(this.@{label.Member} is null ? 0 : this.@{label.Member}.GetHashCode())",
        LabelKind.Boolean => $"(this.@{label.Member} ? 1 : 0)",
        _ => $"((int)(long)this.@{label.Member} ^ (int)((long)this.@{label.Member} >> 32))",
    };

    private static void WriteValue(CodeWriter code, int index, LabelModel label)
    {
        var member = "this.@" + label.Member;
        switch (label.Kind)
        {
            case LabelKind.Text:
                code.Line($"values[{index}] = {member} ?? \"\";");
                break;
            case LabelKind.Boolean:
                code.Line($"values[{index}] = {member} ? \"true\" : \"false\";");
                break;
            case LabelKind.Integer:
                code.Line($"values[{index}] = {member}.ToString(global::System.Globalization.CultureInfo.InvariantCulture);");
                break;
            default:
                code.Open($"values[{index}] = {member} switch");
                foreach (var (value, text) in label.Members) code.Line($"{value} => {Names.Code(text)},");
                code.Line($"_ => unchecked((long){member}).ToString(global::System.Globalization.CultureInfo.InvariantCulture),");
                code.Close(";");
                break;
        }
    }
}
