using OtelTelemetry.Generators.Support;

namespace OtelTelemetry.Generators.Labels;

/// <summary>A type that becomes a set of labels.</summary>
/// <param name="Namespace">Its namespace, or empty.</param>
/// <param name="Around">The types around it, outermost first, each as the beginning of its declaration.</param>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels.</param>
internal sealed record LabelsModel(string Namespace, EquatableArray<string> Around, string Name, EquatableArray<LabelModel> Labels)
{
    /// <summary>The name of the file it is written to.</summary>
    internal string File => string.Join(".", new[] { Namespace }.Concat(Around.Select(around => around.Split(' ').Last())).Append(Name).Where(part => part.Length > 0))
        .Replace('<', '{').Replace('>', '}') + ".Labels.g.cs";
}
