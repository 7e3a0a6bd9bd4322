using System.Net;
using OtelTelemetry.Delivery;
using OtelTelemetry.Tests.Support;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>Answers of gRPC servers, read as OTLP says ("Failures", OTLP/gRPC).</summary>
public class GrpcDeliveryTests
{
    /// <summary>google.rpc.Status with RetryInfo of 7 s.</summary>
    private const string ComeBack = "GjAKKHR5cGUuZ29vZ2xlYXBpcy5jb20vZ29vZ2xlLnJwYy5SZXRyeUluZm8SBAoCCAc";

    [TestCase("0", "Delivered")]
    [TestCase("1", "Failed")]
    [TestCase("2", "Refused")]
    [TestCase("3", "Refused")]
    [TestCase("4", "Failed")]
    [TestCase("7", "Refused")]
    [TestCase("8", "Refused")]
    [TestCase("10", "Failed")]
    [TestCase("11", "Failed")]
    [TestCase("12", "Refused")]
    [TestCase("13", "Refused")]
    [TestCase("14", "Failed")]
    [TestCase("15", "Failed")]
    [TestCase("16", "Refused")]
    [TestCase(null, "Failed")]
    public async Task A_status_decides_whether_to_try_again(string? status, string expected)
    {
        foreach (var asTrailer in new[] { true, false })
        {
            var outcome = await Send(response =>
            {
                if (status is not null) (asTrailer ? response.TrailingHeaders : response.Headers).Add("grpc-status", status);
            });
            Assert.That(outcome.Result.ToString(), Is.EqualTo(expected), asTrailer ? "as a trailer" : "as a header");
        }
    }

    [TestCase("8")]
    [TestCase("14")]
    public async Task A_server_that_says_when_to_come_back_is_obeyed(string status)
    {
        var outcome = await Send(response =>
        {
            response.TrailingHeaders.Add("grpc-status", status);
            response.TrailingHeaders.Add("grpc-status-details-bin", ComeBack);
        });
        Assert.That((outcome.Result, outcome.RetryAfter), Is.EqualTo((DeliveryResult.Failed, (TimeSpan?)TimeSpan.FromSeconds(7))));
    }

    [TestCase("grpc: received message larger than max (5000000 vs. 4194304)", "too_large")]
    [TestCase("Received message exceeds the maximum configured message size.", "too_large")]
    [TestCase("quota of the tenant is used up", "rejected")]
    public async Task Of_exhausted_resources_only_the_size_of_a_message_is_worth_two_smaller_ones(string message, string reason)
    {
        var outcome = await Send(response =>
        {
            response.TrailingHeaders.Add("grpc-status", "8");
            response.TrailingHeaders.TryAddWithoutValidation("grpc-message", Uri.EscapeDataString(message));
        });
        Assert.That((outcome.Result, outcome.Reason), Is.EqualTo((DeliveryResult.Refused, reason)));
    }

    [TestCase(HttpStatusCode.ServiceUnavailable, "Failed")]
    [TestCase(HttpStatusCode.NotFound, "Refused")]
    public async Task What_stands_in_front_of_the_server_answers_by_HTTP(HttpStatusCode status, string expected) =>
        Assert.That((await Send(response => response.StatusCode = status)).Result.ToString(), Is.EqualTo(expected));

    private static async Task<DeliveryOutcome> Send(Action<HttpResponseMessage> answer)
    {
        using var sender = new HttpDeliverySender(() => new HttpMessageInvoker(new Server(answer)), isOtlp: true, new FakeClock());
        var route = new DeliveryRoute(HttpMethod.Post, new Uri("http://server/Service/Export"), [], isGrpc: true);
        sender.Learn(route);
        return await sender.SendAsync(
            new OutboxItem { Destination = "place", Route = route.Key, ContentType = "application/grpc", Items = 1, Created = default, Body = new byte[5] }, CancellationToken.None);
    }

    private sealed class Server(Action<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Assert.That(request.Version, Is.EqualTo(HttpVersion.Version20));
            var response = new HttpResponseMessage { Content = new ByteArrayContent(new byte[5]) };
            answer(response);
            return Task.FromResult(response);
        }
    }
}
