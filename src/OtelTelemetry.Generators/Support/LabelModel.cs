namespace OtelTelemetry.Generators.Support;

/// <summary>A label as generated code needs it.</summary>
/// <param name="Member">The property.</param>
/// <param name="Name">The label's name.</param>
/// <param name="Type">The property's type, as code.</param>
/// <param name="Kind">How it is written.</param>
/// <param name="Members">The values of an enum.</param>
internal sealed record LabelModel(string Member, string Name, string Type, LabelKind Kind, EquatableArray<EnumMember> Members);

/// <summary>How a label is written.</summary>
internal enum LabelKind
{
    Text,
    Boolean,
    Integer,
    Enum,
}

/// <summary>A value of an enum.</summary>
/// <param name="Value">The value, as code.</param>
/// <param name="Text">What stands in the label.</param>
internal sealed record EnumMember(string Value, string Text);
