using System.Text;

namespace OtelTelemetry.Generators.Support;

/// <summary>Names of C# as the field spells names.</summary>
internal static class SnakeCase
{
    /// <summary><c>HTTPMethodName2</c> becomes <c>http_method_name2</c>.</summary>
    internal static string Of(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            var letter = name[i];
            if (char.IsUpper(letter) && i > 0 && name[i - 1] != '_')
            {
                // A new word begins after a small letter or digit, and at the last capital of several: HTTPMethod.
                var wordEnds = !char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]));
                if (wordEnds) text.Append('_');
            }

            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString().TrimStart('_');
    }
}
