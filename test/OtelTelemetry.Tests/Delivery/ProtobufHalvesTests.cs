using FsCheck;
using FsCheck.Fluent;
using OtelTelemetry.Delivery.Otlp;
using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Tests.Delivery;

/// <summary>Requests that are too large become two.</summary>
public class ProtobufHalvesTests
{
    private static readonly int[][] s_otlp = [[1], [2], [2]];

    /// <summary>Resources, each with scopes, each with items, which are as long as a number says.</summary>
    private static readonly Gen<int[][][]> s_requests = Gen.Choose(0, 300).ArrayOf().Select(items => items.Take(6).ToArray()).ArrayOf().Select(scopes => scopes.Take(4).ToArray()).ArrayOf();

    [Test]
    public void Both_halves_together_hold_the_same_items_in_the_same_order_with_their_resource_and_scope() =>
        Prop.ForAll(s_requests.ToArbitrary(), request =>
        {
            var message = Encode(request);
            var items = Items(message);
            if (ProtobufHalves.Of(message, s_otlp) is not { } halves) return items.Count < 2;
            var (first, second) = (Items(halves.First), Items(halves.Second));
            return items.Count >= 2 && first.Count > 0 && second.Count > 0 && first.Count == halves.FirstItems && first.Concat(second).SequenceEqual(items);
        }).QuickCheckThrowOnFailure();

    [Test]
    public void Neither_half_is_much_longer_than_the_other_where_items_are_alike()
    {
        var message = Encode([[Enumerable.Repeat(100, 64).ToArray()]]);
        var halves = ProtobufHalves.Of(message, s_otlp)!.Value;
        Assert.That((halves.FirstItems, Items(halves.Second).Count), Is.EqualTo((32, 32)));
    }

    [Test]
    public void What_is_no_message_is_left_whole()
    {
        var random = new Random(2);
        for (var i = 0; i < 10_000; i++)
        {
            var bytes = new byte[random.Next(60)];
            random.NextBytes(bytes);
            if (ProtobufHalves.Of(bytes, s_otlp) is { } halves) Assert.That(Items(halves.First).Concat(Items(halves.Second)), Is.EqualTo(Items(bytes)));
        }
    }

    private static List<string> Items(byte[] message)
    {
        var found = new List<string>();
        foreach (var (field, resource) in Fields(message))
        {
            if (field != 1) continue;
            var name = string.Concat(Fields(resource).Where(part => part.Field != 2).Select(part => Convert.ToHexString(part.Bytes)));
            foreach (var (inner, scope) in Fields(resource))
            {
                if (inner != 2) continue;
                var scopeName = string.Concat(Fields(scope).Where(part => part.Field != 2).Select(part => Convert.ToHexString(part.Bytes)));
                found.AddRange(Fields(scope).Where(part => part.Field == 2).Select(item => $"{name}/{scopeName}/{Convert.ToHexString(item.Bytes)}"));
            }
        }

        return found;
    }

    private static List<(int Field, byte[] Bytes)> Fields(ReadOnlySpan<byte> message)
    {
        var fields = new List<(int, byte[])>();
        var reader = new ProtobufReader(message);
        while (reader.TryRead(out var field, out var bytes, out _)) fields.Add((field, bytes.ToArray()));
        return fields;
    }

    /// <summary>A resource and its scopes have a name before their items and a schema after them.</summary>
    internal static byte[] Encode(int[][][] request)
    {
        var number = 0;
        using var message = new MemoryStream();
        foreach (var scopes in request)
        {
            using var resource = new MemoryStream();
            Write(resource, 1, [(byte)number++, 1]);
            foreach (var items in scopes)
            {
                using var scope = new MemoryStream();
                Write(scope, 1, [(byte)number++, 2]);
                foreach (var length in items) Write(scope, 2, [(byte)number++, (byte)(number >> 8), .. new byte[length]]);
                Write(scope, 3, "schema of scope"u8);
                Write(resource, 2, scope.ToArray());
            }

            Write(resource, 3, "schema"u8);
            Write(message, 1, resource.ToArray());
        }

        return message.ToArray();
    }

    private static void Write(MemoryStream target, int field, ReadOnlySpan<byte> bytes)
    {
        target.WriteByte((byte)((field << 3) | 2));
        var length = bytes.Length;
        for (; length >= 0x80; length >>= 7) target.WriteByte((byte)(length | 0x80));
        target.WriteByte((byte)length);
        target.Write(bytes);
    }
}
