using OtelTelemetry.Delivery.Otlp;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>Messages made by hand, field by field, as the schema of OTLP says.</summary>
public class OtlpItemsTests
{
    [Test]
    public void Spans_and_log_records_are_counted_in_all_resources_and_scopes()
    {
        var scope = Join(Bytes(1, [1, 2]), Bytes(2, Bytes(1, new byte[16])), Bytes(2, []), Bytes(3, "schema"u8));
        var resource = Join(Bytes(1, Bytes(1, [9])), Bytes(2, scope), Bytes(2, scope));
        var request = Join(Bytes(1, resource), Bytes(1, []), Bytes(1, resource), Number(9, 1), Bytes(1, Bytes(2, Bytes(2, new byte[300]))));

        Assert.That(OtlpItems.Count(request, "traces"), Is.EqualTo(9));
        Assert.That(OtlpItems.Count(request, "logs"), Is.EqualTo(9));
    }

    [TestCase(5)]
    [TestCase(7)]
    [TestCase(9)]
    [TestCase(10)]
    [TestCase(11)]
    public void Points_of_every_kind_are_counted(int kind)
    {
        var metric = Join(Bytes(1, "name"u8), Bytes(kind, Join(Bytes(1, [8, 1]), Number(2, 2), Bytes(1, []), Bytes(1, new byte[200]))));
        var request = Bytes(1, Bytes(2, Join(Bytes(2, metric), Bytes(2, Bytes(1, "empty"u8)), Bytes(2, metric))));

        Assert.That(OtlpItems.Count(request, "metrics"), Is.EqualTo(6));
    }

    [Test]
    public void What_is_no_message_does_not_throw()
    {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            Assert.That(OtlpItems.Count(bytes, i % 2 == 0 ? "metrics" : "traces"), Is.Not.Negative);
            Assert.That(OtlpResponses.PartialSuccess(bytes).Rejected, Is.Not.Negative);
            Assert.That(GrpcFrame.Message(bytes).Length, Is.LessThanOrEqualTo(bytes.Length));
        }
    }

    [Test]
    public void A_partial_success_tells_how_many_were_rejected()
    {
        var (rejected, message) = OtlpResponses.PartialSuccess(Bytes(1, Join(Number(1, 300), Bytes(2, "too old"u8))));
        Assert.That((rejected, message), Is.EqualTo((300L, "too old")));
    }

    [Test]
    public void The_details_of_a_gRPC_status_tell_when_to_come_back()
    {
        var any = Join(Bytes(1, "type.googleapis.com/google.rpc.RetryInfo"u8), Bytes(2, Bytes(1, Join(Number(1, 5), Number(2, 500_000_000)))));
        var details = Convert.ToBase64String(Join(Number(1, 8), Bytes(2, "busy"u8), Bytes(3, any))).TrimEnd('=');

        Assert.That(OtlpResponses.RetryDelay(details), Is.EqualTo(TimeSpan.FromSeconds(5.5)));
        Assert.That(OtlpResponses.RetryDelay(Convert.ToBase64String(Number(1, 8))), Is.Null);
        Assert.That(OtlpResponses.RetryDelay("?"), Is.Null);
    }

    private static byte[] Bytes(int field, ReadOnlySpan<byte> value) => [.. Varint((field << 3) | 2), .. Varint(value.Length), .. value];

    private static byte[] Number(int field, long value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private static byte[] Varint(long value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
        return [.. bytes];
    }
}
