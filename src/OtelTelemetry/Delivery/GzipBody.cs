using System.IO.Compression;

namespace OtelTelemetry.Delivery;

/// <summary>Compresses bodies. The fastest level: telemetry repeats itself so much that a better one gains little.</summary>
internal static class GzipBody
{
    public static byte[] Compress(ReadOnlySpan<byte> body)
    {
        using var buffer = new MemoryStream();
        Write(body, buffer);
        return buffer.ToArray();
    }

    /// <returns>The body as it was, or null when it is none that was compressed.</returns>
    public static byte[]? Decompress(ReadOnlyMemory<byte> body)
    {
        using var source = new MemoryStream(body.ToArray());
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        using var buffer = new MemoryStream();
        try
        {
            gzip.CopyTo(buffer);
            return buffer.ToArray();
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    public static void Write(ReadOnlySpan<byte> body, Stream target)
    {
        using var gzip = new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true);
        gzip.Write(body);
    }
}
