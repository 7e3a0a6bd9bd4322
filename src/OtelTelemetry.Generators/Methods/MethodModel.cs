using OtelTelemetry.Generators.Support;

namespace OtelTelemetry.Generators.Methods;

/// <summary>A method whose calls are measured, as generated code needs it.</summary>
/// <param name="Call">What is called: the type for a static method, <c>self</c> for another.</param>
/// <param name="Name">The method's name.</param>
/// <param name="Function">Its full name, for people.</param>
/// <param name="Self">The receiver's parameter, or empty for a static method.</param>
/// <param name="TypeParameters">Those of the type around it and its own, with angle brackets, or empty.</param>
/// <param name="TypeArguments">Its own only, with angle brackets, or empty.</param>
/// <param name="Constraints">The constraints on the type parameters.</param>
/// <param name="Returns">The type it returns, as code.</param>
/// <param name="Kind">How its end is known.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Labels">The labels of its metrics.</param>
/// <param name="Traced">How it is traced, as code, or null.</param>
/// <param name="Counted">How it is counted, as code, or null.</param>
/// <param name="Timed">How it is timed, as code, or null.</param>
internal sealed record MethodModel(
    string Call,
    string Name,
    string Function,
    string Self,
    string TypeParameters,
    string TypeArguments,
    string Constraints,
    string Returns,
    ReturnKind Kind,
    EquatableArray<ParameterModel> Parameters,
    EquatableArray<LabelModel> Labels,
    string? Traced,
    string? Counted,
    string? Timed);

/// <summary>How the end of a call is known.</summary>
internal enum ReturnKind
{
    /// <summary>It returns nothing.</summary>
    Nothing,

    /// <summary>It returns a value.</summary>
    Value,

    /// <summary>It returns a reference to a value.</summary>
    Reference,

    /// <summary>What it returns ends later.</summary>
    Task,
}

/// <summary>A parameter.</summary>
/// <param name="Declaration">As an interceptor declares it.</param>
/// <param name="Argument">As it is passed on.</param>
/// <param name="Name">Its name.</param>
/// <param name="Attribute">The attribute of the span it becomes, or null.</param>
internal sealed record ParameterModel(string Declaration, string Argument, string Name, string? Attribute);

/// <summary>A call of such a method.</summary>
/// <param name="Method">The method.</param>
/// <param name="Location">The attribute that names the place of the call, as code.</param>
internal sealed record CallModel(MethodModel Method, string Location);
