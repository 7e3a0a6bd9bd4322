using System.Runtime.CompilerServices;

namespace OtelTelemetry.Logging.Formats;

/// <summary>
/// Texts of a program that come again and again, such as names, categories and templates, encoded once. They are told by being the same object, so that it can only miss, never lie. Bounded:
/// two that share a place take turns. Not thread-safe.
/// </summary>
internal sealed class EncodedNames
{
    private const int Places = 256;

    /// <summary>Longer ones are not kept.</summary>
    private const int LongestKept = 256;

    private readonly (string Text, EncodedText Json)[] _places = new (string, EncodedText)[Places];

    /// <summary>The text as JSON; none where it is not one to keep.</summary>
    public EncodedText Find(string text)
    {
        ref var place = ref _places[RuntimeHelpers.GetHashCode(text) & (Places - 1)];
        if (ReferenceEquals(place.Text, text)) return place.Json;
        if (text.Length > LongestKept) return default;
        place = (text, EncodedText.Encode(text));
        return place.Json;
    }
}
