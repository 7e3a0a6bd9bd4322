using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;

namespace OtelTelemetry.Logging.Levels;

/// <summary>
/// What the header of a request says to be logged in more detail: <c>Debug.1790000000.&lt;signature&gt;</c>, the level, the second since 1970 (UTC) at which
/// it ends, and the HMAC-SHA256 (RFC 2104) of both with the secret, in hexadecimal. The secret itself never travels.
/// </summary>
public static class LogLevelToken
{
    /// <summary>The longest a token holds: one that ends later is refused.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromDays(1);

    /// <summary>Makes a token.</summary>
    /// <param name="secret">The secret, as <c>Telemetry:Logs:Requests:Secret</c> has it.</param>
    /// <param name="level">The level.</param>
    /// <param name="expires">When it ends; at most a day ahead.</param>
    /// <exception cref="ArgumentException">The secret is empty.</exception>
    public static string Create(string secret, LogLevel level, DateTimeOffset expires)
    {
        ArgumentException.ThrowIfNullOrEmpty(secret);
        var text = string.Create(CultureInfo.InvariantCulture, $"{level}.{expires.ToUnixTimeSeconds()}");
        return $"{text}.{Convert.ToHexStringLower(Sign(secret, text))}";
    }

    /// <summary>Reads a token.</summary>
    /// <returns>The level; null when it is not signed with the secret, has ended, or ends too late.</returns>
    internal static LogLevel? Read(string? token, string secret, DateTimeOffset now)
    {
        if (token is null || token.Length > 200 || token.LastIndexOf('.') is var end && end < 0) return null;
        Span<byte> signature = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (Convert.FromHexString(token.AsSpan(end + 1), signature, out _, out var written) != System.Buffers.OperationStatus.Done || written != signature.Length) return null;
        var text = token[..end];
        if (!CryptographicOperations.FixedTimeEquals(Sign(secret, text), signature)) return null;
        var parts = text.Split('.');
        if (parts.Length != 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var expires)) return null;
        var left = expires - now.ToUnixTimeSeconds();
        if (left <= 0 || left > LongestLife.TotalSeconds) return null;
        return Enum.TryParse<LogLevel>(parts[0], ignoreCase: true, out var level) && Enum.IsDefined(level) ? level : null;
    }

    private static byte[] Sign(string secret, string text) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text));
}
