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

    private readonly (string Text, byte[] Json)[] _places = new (string, byte[])[Places];

    /// <summary>The text as a JSON string with its quotes; empty where it is not one to keep.</summary>
    public ReadOnlySpan<byte> Find(string text)
    {
        ref var place = ref _places[RuntimeHelpers.GetHashCode(text) & (Places - 1)];
        if (ReferenceEquals(place.Text, text)) return place.Json;
        if (text.Length > LongestKept) return [];
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(text.Length + 2);
        new LogJsonWriter(buffer).WriteStringValue(text);
        place = (text, buffer.WrittenSpan.ToArray());
        return place.Json;
    }
}
