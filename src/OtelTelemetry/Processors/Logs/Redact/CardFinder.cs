using System.Text;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>
/// Finds numbers of payment cards: 13 to 19 digits that begin with 2 to 6 and whose check digit is right (ISO/IEC 7812, Luhn), together or with a blank, dash or
/// dot between them. A longer number that has one in it is none.
/// </summary>
internal sealed class CardFinder : SecretFinder
{
    private const int Fewest = 13;
    private const int Most = 19;

    internal override bool IsIn(ReadOnlySpan<char> text) => TryFind(text, 0, out _, out _);

    internal override string Replace(string text, string replacement)
    {
        var replaced = new StringBuilder();
        var at = 0;
        while (TryFind(text, at, out var start, out var length))
        {
            replaced.Append(text, at, start - at).Append(replacement);
            at = start + length;
        }

        return replaced.Append(text, at, text.Length - at).ToString();
    }

    private static bool TryFind(ReadOnlySpan<char> text, int from, out int start, out int length)
    {
        for (start = from; start + Fewest <= text.Length; start++)
        {
            if (text[start] is < '2' or > '6' || (start > 0 && char.IsAsciiDigit(text[start - 1]))) continue;
            length = LengthAt(text[start..]);
            if (length > 0) return true;
        }

        length = 0;
        return false;
    }

    /// <summary>The length of the longest number that begins here; 0 where none does.</summary>
    private static int LengthAt(ReadOnlySpan<char> text)
    {
        Span<int> digits = stackalloc int[Most];
        var (count, longest) = (0, 0);
        for (var i = 0; i < text.Length && count < Most; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                digits[count++] = text[i] - '0';
                var ends = i + 1 == text.Length || !char.IsAsciiDigit(text[i + 1]);
                if (ends && count >= Fewest && HasCheckDigit(digits[..count])) longest = i + 1;
            }
            else if (text[i] is not (' ' or '-' or '.') || !char.IsAsciiDigit(text[i - 1]))
            {
                break;
            }
        }

        return longest;
    }

    private static bool HasCheckDigit(ReadOnlySpan<int> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i];
            sum += i % 2 == 0 ? digit : digit > 4 ? (2 * digit) - 9 : 2 * digit;
        }

        return sum % 10 == 0;
    }
}
