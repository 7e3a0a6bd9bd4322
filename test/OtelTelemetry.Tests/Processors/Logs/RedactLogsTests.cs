using Microsoft.Extensions.Logging;
using OtelTelemetry.Processors.Logs.Redact;
using OtelTelemetry.Tests.Otlp;

namespace OtelTelemetry.Tests.Processors.Logs;

/// <summary>Secrets in every place of a log record.</summary>
public sealed class RedactLogsTests
{
    [Test]
    [NonParallelizable]
    public async Task None_of_a_corpus_of_secrets_reaches_an_exporter()
    {
        var secrets = SecretCorpus.Make(240);
        using var receiver = new LoopbackReceiver();
        using var host = LogHost.Start(null, receiver, new RedactLogsOptions());

        var records = LogAll(host.Logger, secrets);
        await host.StopAsync();

        Assert.That(secrets, Has.Count.EqualTo(240));
        Assert.That(host.Lines, Has.Count.EqualTo(records), "Redacting drops no record.");
        var everything = host.Exported.Everything;
        Assert.That(secrets.Where(secret => everything.Contains(secret.Secret, StringComparison.Ordinal)).Select(secret => secret.Written), Is.Empty);
        Assert.That(receiver.Count("/v1/logs", "[redacted]"), Is.GreaterThan(records));
        Assert.That(secrets.Where(secret => receiver.Count("/v1/logs", secret.Secret) > 0).Select(secret => secret.Written), Is.Empty);
    }

    [Test]
    public async Task Without_the_processor_each_of_them_would_have()
    {
        var secrets = SecretCorpus.Make(240);
        using var host = LogHost.Start();

        LogAll(host.Logger, secrets);
        await host.StopAsync();

        var everything = host.Exported.Everything;
        Assert.That(secrets.Where(secret => !everything.Contains(secret.Secret, StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("order 4711 of 2026-11-25T21:03:04.123Z took 1234567890123 ns")]
    [TestCase("card 4111 1111 1111 1112 has a wrong check digit")]
    [TestCase("id 94111111111111111 is longer than a card")]
    [TestCase("Bearer authentication and basic auth are supported")]
    [TestCase("the token was refreshed, key found in cache")]
    [TestCase("GET https://example.com/a/b?c=d 200")]
    [TestCase("user @ann at 12:30")]
    [TestCase("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")]
    public void Other_texts_stay(string text) => Assert.That(new SecretScrubber(new RedactLogsOptions()).Replaced(text), Is.Null);

    [TestCase("password=hunter2 and more", "password=[redacted] and more")]
    [TestCase("""{"password":"hun ter2","n":1}""", """{"password":"[redacted]","n":1}""")]
    [TestCase("Authorization: Bearer abc", "Authorization: Bearer [redacted]")]
    [TestCase("Authorization: Basic YW5uOnB3", "Authorization: Basic [redacted]")]
    [TestCase("postgres://ann:hunter2@db:5432/shop", "postgres://ann:[redacted]@db:5432/shop")]
    [TestCase("Server=db;Password=hunter2;Port=1", "Server=db;Password=[redacted];Port=1")]
    [TestCase("12 4111 1111 1111 1111 35", "12 [redacted] 35")]
    [TestCase("4111-1111-1111-1111, 5555555555554444", "[redacted], [redacted]")]
    [TestCase("mail ann.b+c@mail.example.com.", "mail [redacted].")]
    [TestCase("login with {Password} password={Password}", null)]
    public void What_is_around_a_secret_stays(string text, string? expected) => Assert.That(new SecretScrubber(new RedactLogsOptions()).Replaced(text), Is.EqualTo(expected));

    [Test]
    public async Task A_value_that_is_secret_by_its_name_is_gone_from_the_text_too()
    {
        using var host = LogHost.Start(new RedactLogsOptions { Attributes = ["*iban*"], Patterns = [@"\bX-\d{4}\b"], BuiltIn = ["None"], Replacement = "$1" });
        host.Logger.LogInformation("{{pay}} {Amount,8:0.00} from {CustomerIban} by {Who} with {Password}", 3.5, "DE02", null, "p");
        host.Logger.LogInformation("{Codes} and {Iban}", new[] { "a", "X-1234" }, 7);
        host.Logger.Log(LogLevel.Information, 0, new List<KeyValuePair<string, object?>> { new("iban", "DE03"), new("n", 1) }, null, (_, _) => "own DE03 text X-9999");
        await host.StopAsync();

        Assert.That(host.Lines.Select(line => line.Message), Is.EqualTo(new[] { "{pay}     3.50 from $1 by (null) with p", "a, $1 and $1", "own $1 text $1" }));
        Assert.That(host.Lines[0].Attributes, Is.EqualTo(new KeyValuePair<string, object?>[]
        {
            new("Amount", 3.5), new("CustomerIban", "$1"), new("Who", null), new("Password", "p"), new("{OriginalFormat}", "{{pay}} {Amount,8:0.00} from {CustomerIban} by {Who} with {Password}"),
        }));
        Assert.That(host.Lines[1]["Codes"], Is.EqualTo(new[] { "a", "$1" }));
        Assert.That(host.Lines[2].Attributes, Is.EqualTo(new KeyValuePair<string, object?>[] { new("iban", "$1"), new("n", 1) }));
    }

    [Test]
    public async Task Values_of_every_kind_are_looked_into()
    {
        using var host = LogHost.Start(new RedactLogsOptions());
        host.Logger.LogInformation("{A} {B} {C} {D} {E}", 4111111111111111L, new Uri("https://ann:hunter2@example.com"), new Dictionary<string, object?> { ["user"] = new[] { "ann@example.com" }, ["password"] = "hunter2", ["n"] = 1 }, new HashSet<string> { "bob@example.com" }, 42L);
        await host.StopAsync();

        var line = host.Lines.Single();
        Assert.That(line.Everything, Does.Not.Contain("4111").And.Not.Contain("hunter2").And.Not.Contain("ann@").And.Not.Contain("bob@"));
        Assert.That((line["A"], line["E"]), Is.EqualTo(("[redacted]", (object)42L)));
        Assert.That(line["C"], Is.EqualTo(new KeyValuePair<string, object?>[] { new("user", new[] { "[redacted]" }), new("password", "[redacted]"), new("n", 1) }));
    }

    [Test]
    public async Task An_exception_that_tells_a_secret_becomes_attributes_and_others_stay()
    {
        using var host = LogHost.Start(new RedactLogsOptions());
        var inner = new InvalidOperationException("outer", new ArgumentException("for ann@example.com"));
        var data = new InvalidOperationException("plain");
        data.Data["password"] = "hunter2";
        var fine = new InvalidOperationException("plain");
        host.Logger.LogError(inner, "failed {N}", 1);
        host.Logger.LogError(data, "failed {N}", 2);
        host.Logger.LogError(fine, "failed {N}", 3);
        host.Logger.LogError(new AggregateException(fine, new InvalidOperationException("password=hunter2")), "failed {N}", 4);
        await host.StopAsync();

        Assert.That(host.Exported.Everything, Does.Not.Contain("ann@example.com").And.Not.Contain("hunter2"));
        Assert.That(host.Lines.Select(line => line.Exception), Is.EqualTo(new Exception?[] { null, null, fine, null }));
        var line = host.Lines[0];
        Assert.That((line["exception.type"], line["exception.message"], line.Attributes[^1].Key), Is.EqualTo(("InvalidOperationException", "outer", "{OriginalFormat}")));
        Assert.That(line["exception.stacktrace"], Does.Contain("ArgumentException").And.Contain("for [redacted]"));
    }

    [Test]
    public async Task Scopes_keep_what_is_no_secret()
    {
        using var host = LogHost.Start(new RedactLogsOptions());
        using (host.Logger.BeginScope("request of {Address} for {Id}", "ann@example.com", 7))
        using (host.Logger.BeginScope(new Dictionary<string, object?> { ["user.password"] = "hunter2", ["shop"] = "x" }))
        using (host.Logger.BeginScope("card 4111111111111111"))
        using (host.Logger.BeginScope(4711))
        {
            host.Logger.LogInformation("work");
        }

        await host.StopAsync();

        var line = host.Lines.Single();
        Assert.That(line.Everything, Does.Contain("request of [redacted] for 7").And.Contain("card [redacted]").And.Not.Contain("ann@").And.Not.Contain("hunter2").And.Not.Contain("4111111111111111"));
        Assert.That(line.Scopes, Has.Some.EqualTo(new KeyValuePair<string, object?>("Id", 7)).And.Some.EqualTo(new KeyValuePair<string, object?>("shop", "x")).And.Some.EqualTo(new KeyValuePair<string, object?>("", 4711)));
    }

    [Test]
    public async Task A_record_without_a_secret_keeps_its_very_attributes()
    {
        using var host = LogHost.Start(new RedactLogsOptions());
        object?[] state = ["text", 1];
        host.Logger.LogInformation("{A} {B}", state);
        await host.StopAsync();

        Assert.That((host.Lines.Single()["A"], host.Lines.Single().Message), Is.EqualTo(("text", "text 1")));
    }

    [Test]
    public void Nothing_is_allocated_where_there_is_nothing_to_redact()
    {
        var scrubber = new SecretScrubber(new RedactLogsOptions { Attributes = ["*iban*"], Patterns = [@"\bX-\d{4}\b"] });
        KeyValuePair<string, object?>[] attributes = [new("name", "the key of @ann is 4111 1111"), new("count", 7), new("long", 4711L), new("{OriginalFormat}", "{name} {count}")];
        for (var i = 0; i < 100; i++) Scrub();

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) Scrub();

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1000));

        void Scrub()
        {
            if (scrubber.Replaced(attributes) is not null || scrubber.Replaced("the key of @ann is 4111 1111 7") is not null) throw new InvalidOperationException("There is no secret.");
        }
    }

    /// <summary>Each secret in each place; the number of records.</summary>
    internal static int LogAll(ILogger logger, IReadOnlyList<(string Secret, string Written)> secrets)
    {
        foreach (var (_, written) in secrets)
        {
#pragma warning disable CA2254 // The template is not constant: people do that, and their secrets must not get out either.
            logger.LogInformation("interpolated " + written.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
#pragma warning restore CA2254
            logger.LogInformation("parameter {Value} of {Values} in {Map}", written, new[] { "a", written }, new Dictionary<string, object?> { ["inner"] = written });
            using (logger.BeginScope(written))
            using (logger.BeginScope("scope {Value}", written))
            using (logger.BeginScope(new Dictionary<string, object?> { ["value"] = written, ["list"] = new[] { written } }))
            {
                logger.LogInformation("in a scope");
            }

            var exception = new InvalidOperationException("failed: " + written);
            exception.Data["value"] = written;
            logger.LogError(new InvalidOperationException("outer", exception), "with an exception");
            logger.LogError(new ArgumentException(written), "with {Reason}", exception);
            logger.Log(LogLevel.Warning, 0, written, null, (text, _) => "own text " + text);
        }

        return secrets.Count * 6;
    }
}
