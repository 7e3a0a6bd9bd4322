using System.Globalization;
using System.Text;

namespace OtelTelemetry.Tests.Processors.Logs;

/// <summary>Secrets as they stand in logs: tokens of well-known services, passwords, cards and addresses. The same each time.</summary>
internal static class SecretCorpus
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly Func<Random, (string Secret, string Written)>[] s_kinds =
    [
        random => Same($"eyJ{Text(random, 20)}.eyJ{Text(random, 40)}.{Text(random, 43)}"),
        random => In(Text(random, 32), "Authorization: Bearer {0}"),
        random => In(Text(random, 24), "sent bearer {0} to it"),
        random => Same("ghp_" + Text(random, 36)),
        random => Same($"github_pat_{Text(random, 22)}_{Text(random, 59)}"),
        random => Same("glpat-" + Text(random, 20)),
        random => Same("npm_" + Text(random, 36)),
        random => Same("AKIA" + Text(random, 16).ToUpperInvariant()),
        random => Same("AIza" + Text(random, 35)),
        random => Same($"xoxb-{Digits(random, 12)}-{Text(random, 24)}"),
        random => Same("sk_live_" + Text(random, 24)),
        random => Same("sk-" + Text(random, 48)),
        random => In(Convert.ToBase64String(Encoding.UTF8.GetBytes($"user{random.Next(1000)}:{Text(random, 10)}")), "header Basic {0}"),
        random => In(Text(random, 12), "amqp://shop:{0}@broker:5672/"),
        random => In(Text(random, 12), "password={0}"),
        random => In(Text(random, 12), "Server=db;User=sa;Pwd={0};Timeout=5"),
        random => In(Text(random, 12), "\"client_secret\": \"{0}\""),
        random => In(Text(random, 20), "api_key: {0}, more"),
        random => In(Text(random, 20), "x-api-key={0}&page=2"),
        random => In(Text(random, 20), "cookie: {0}"),
        random => In(Text(random, 64), "-----BEGIN RSA PRIVATE KEY-----\n{0}\n-----END RSA PRIVATE KEY-----"),
        random => Same(Card(random, "4", 16)),
        random => Same(Card(random, "5", 16)),
        random => Same(Card(random, "37", 15)),
        random => In(Grouped(Card(random, "4", 16), ' '), "paid 2 items with {0} today"),
        random => In(Grouped(Card(random, "52", 16), '-'), "card {0}, 12/27"),
        random => Same($"{Text(random, 8).ToLowerInvariant()}@example.com"),
        random => In($"{Text(random, 6)}.{Text(random, 6)}+shop@mail.example.co.uk", "to <{0}>;"),
        random => In($"jörg{random.Next(100000)}@exämple.de", "from {0}"),
        random => In(Text(random, 16), "?page=1&access_token={0}&x=y"),
    ];

    public static IReadOnlyList<(string Secret, string Written)> Make(int count)
    {
        var random = new Random(20260102);
        return [.. Enumerable.Range(0, count).Select(i => s_kinds[i % s_kinds.Length](random))];
    }

    private static (string Secret, string Written) Same(string secret) => (secret, $"it is {secret} here");

    private static (string Secret, string Written) In(string secret, string written) => (secret, string.Format(CultureInfo.InvariantCulture, written, secret));

    private static string Text(Random random, int length) => new(random.GetItems<char>(Letters, length));

    private static string Digits(Random random, int length) => new(random.GetItems<char>("0123456789", length));

    private static string Card(Random random, string prefix, int length)
    {
        var number = prefix + Digits(random, length - prefix.Length - 1);
        return number + Enumerable.Range(0, 10).Single(digit => Sum(number + digit) % 10 == 0);
    }

    /// <summary>The sum of Luhn's check, from the right: every second digit doubled, and its digits added.</summary>
    private static int Sum(string number) => number.Reverse().Select((c, i) => i % 2 == 0 ? c - '0' : "0246813579"[c - '0'] - '0').Sum();

    private static string Grouped(string number, char separator) => string.Join(separator, number.Chunk(4).Select(group => new string(group)));
}
