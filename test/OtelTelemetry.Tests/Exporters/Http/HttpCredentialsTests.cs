using System.Net;
using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Exporters.Http;

public class HttpCredentialsTests
{
    private static readonly HttpCredentials s_credentials = new(null, null, null, [new("X-Key", "SECRETSECRETSECRET"), new("X-Other", "PASSWORD")]);

    [TestCase("key SECRETSECRETSECRET is wrong", "key (hidden) is wrong")]
    [TestCase("PASSWORD", "(hidden)")]
    [TestCase("a\0b", "a b")]
    [TestCase("", "")]
    public void Secrets_are_hidden(string text, string shown) => Assert.That(s_credentials.Hide(text), Is.EqualTo(shown));

    [Test]
    public void A_secret_where_the_text_is_cut_is_hidden_whole() =>
        Assert.That(s_credentials.Hide("0123456789SECRETSECRETSECRET", 15), Is.EqualTo("0123456789(hidden)"));

    [Test]
    public async Task Wherever_a_long_answer_is_cut_no_part_of_a_secret_is_shown([Values("x", "\u00e4")] string filling)
    {
        for (var before = 0; before < 340; before++)
        {
            var backend = new RecordingBackend();
            backend.AnswerWith(HttpStatusCode.BadRequest, "PASSWORD" + string.Concat(Enumerable.Repeat(filling, before)) + "SECRETSECRETSECRET" + new string('y', 1000));
            using var sender = new HttpSender(backend.CreateClient(), s_credentials, "It");
            var outcome = await sender.SendAsync(new HttpRequestMessage(HttpMethod.Post, "http://backend/"), "", CancellationToken.None);
            Assert.That(outcome.Problem, Does.StartWith("It at http://backend/ refused the metrics (status 400: (hidden)").And.Not.Contain("SEC").And.Not.Contain("PASS"), $"{before}");
        }
    }
}
