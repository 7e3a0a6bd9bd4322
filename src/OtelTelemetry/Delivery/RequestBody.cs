using System.Buffers;

namespace OtelTelemetry.Delivery;

/// <summary>
/// The body of a request that was taken over from an exporter. A large one is borrowed: new arrays of that size would each time be part of
/// the large object heap, which only a full collection cleans up, and a busy service sends several a second.
/// </summary>
internal readonly struct RequestBody
{
    /// <summary>From here on arrays are part of the large object heap.</summary>
    private const int Large = 85_000;

    private readonly byte[] _array;
    private readonly int _length;
    private readonly bool _isBorrowed;

    private RequestBody(byte[] array, int length, bool isBorrowed)
    {
        _array = array;
        _length = length;
        _isBorrowed = isBorrowed;
    }

    public ReadOnlyMemory<byte> Memory => _array.AsMemory(0, _length);

    /// <summary>The borrowed array, to be given back when nobody reads it any more, or left to the garbage collector; null where it is not borrowed.</summary>
    public byte[]? Borrowed => _isBorrowed ? _array : null;

    public static RequestBody Read(HttpContent content, CancellationToken cancellationToken)
    {
        var (array, stream) = Prepare(content);
        using (stream)
        {
            content.CopyTo(stream, null, cancellationToken);
            return Take(array, stream);
        }
    }

    public static async Task<RequestBody> ReadAsync(HttpContent content, CancellationToken cancellationToken)
    {
        var (array, stream) = Prepare(content);
        using (stream)
        {
            await content.CopyToAsync(stream, cancellationToken).ConfigureAwait(false);
            return Take(array, stream);
        }
    }

    /// <summary>Copies bytes that are the caller's.</summary>
    public static RequestBody Copy(ReadOnlySpan<byte> bytes)
    {
        var isLarge = bytes.Length >= Large;
        var array = isLarge ? ArrayPool<byte>.Shared.Rent(bytes.Length) : new byte[bytes.Length];
        bytes.CopyTo(array);
        return new RequestBody(array, bytes.Length, isLarge);
    }

    public static void GiveBack(byte[] borrowed) => ArrayPool<byte>.Shared.Return(borrowed);

    /// <summary>Room for the body, where its size is known.</summary>
    private static (byte[]? Array, MemoryStream Stream) Prepare(HttpContent content)
    {
        if (content.Headers.ContentLength is not ({ } length and > 0) || length > Array.MaxLength) return (null, new MemoryStream());
        var array = length >= Large ? ArrayPool<byte>.Shared.Rent((int)length) : new byte[length];
        return (array, new MemoryStream(array));
    }

    private static RequestBody Take(byte[]? array, MemoryStream stream)
    {
        if (array is not null) return new RequestBody(array, (int)stream.Position, array.Length >= Large);
        var copied = stream.ToArray();
        return new RequestBody(copied, copied.Length, isBorrowed: false);
    }
}
