using System.Buffers;
using System.Text.RegularExpressions;
using OtelTelemetry.Patterns;
using OtelTelemetry.Processors.Spans.Redact;

namespace OtelTelemetry.Processors.Logs.Redact;

/// <summary>Finds tokens and keys by their well-known forms, and passwords by the word in front of them, which stays.</summary>
internal sealed class TokenFinder : SecretFinder
{
    private const string Secret = "s";

    /// <summary>What every form has in it: a text without any of them is passed over quickly.</summary>
    private static readonly SearchValues<string> s_signs = SearchValues.Create(
        ["eyJ", "bearer", "basic", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "npm_", "AKIA", "ASIA", "AIza", "xox", "_live_", "_test_", "sk-", "PRIVATE KEY", "://", "pass", "pwd", "secret", "token", "key", "authorization", "credential", "cookie"],
        StringComparison.OrdinalIgnoreCase);

    // A value in a template ({Password}) is no secret yet.
    private static readonly Regex s_forms = RedactSpansOptions.Compile(string.Join(
        '|',
        @"-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
        @"\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?",
        @"(?i:bearer)\s+[A-Za-z0-9._~+/-]{16,}=*",
        @"\bgh[opsur]_[A-Za-z0-9]{30,}",
        @"\bgithub_pat_[A-Za-z0-9_]{20,}",
        @"\bglpat-[A-Za-z0-9_-]{20,}",
        @"\bnpm_[A-Za-z0-9]{30,}",
        @"\bA(?:K|S)IA[0-9A-Z]{16}\b",
        @"\bAIza[0-9A-Za-z_-]{30,}",
        @"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
        @"\b[prs]k_(?:live|test)_[A-Za-z0-9]{10,}",
        @"\bsk-[A-Za-z0-9_-]{20,}",
        @"://[^\s/:@{]*:(?<s>[^\s/@{][^\s/@]*)@",
        @"(?i:password|passwd|passphrase|pwd|secret|token|api[ _-]?key|access[ _-]?key|account[ _-]?key|private[ _-]?key|authorization|credentials?|cookie)[""']?\s?\s?[:=]\s?\s?(?:(?i:basic|bearer|digest)\s)?(?:""(?<s>[^""{][^""]*)""|'(?<s>[^'{][^']*)'|(?<s>[^\s""',;&{}()][^\s""',;&]*))"));

    private static readonly Regex s_basic = RedactSpansOptions.Compile(@"(?i:basic)\s(?<s>[A-Za-z0-9+/]{6,}={0,2})");

    /// <summary>Names of parameters whose values are secrets.</summary>
    internal static IEnumerable<WildcardPattern> Names { get; } =
    [
        .. new[] { "*password", "*passwd", "*passphrase", "*pwd", "*secret", "*token", "*apikey", "*api?key", "*accesskey", "*access?key", "*accountkey", "*account?key", "*privatekey", "*private?key", "*authorization", "*credential", "*credentials", "cookie", "set-cookie" }
            .Select(name => new WildcardPattern(name, ignoreCase: true)),
    ];

    internal override bool IsIn(ReadOnlySpan<char> text) => text.ContainsAny(s_signs) && (s_forms.IsMatch(text) || s_basic.IsMatch(text));

    internal override string Replace(string text, string replacement)
    {
        text = s_forms.Replace(text, match => Without(match, replacement));
        return s_basic.Replace(text, match => IsNameAndPassword(match.Groups[Secret].ValueSpan) ? Without(match, replacement) : match.Value);
    }

    private static string Without(Match match, string replacement)
    {
        var secret = match.Groups[Secret];
        if (!secret.Success) return replacement;
        var start = secret.Index - match.Index;
        return string.Concat(match.ValueSpan[..start], replacement, match.ValueSpan[(start + secret.Length)..]);
    }

    private static bool IsNameAndPassword(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64Chars(text, bytes, out var length) && bytes.AsSpan(0, length).Contains((byte)':');
    }
}
