using System.Net;

namespace OtelTelemetry.Delivery;

/// <summary>A body that is there whole, and that knows when nobody reads it any more.</summary>
internal sealed class BodyContent(ReadOnlyMemory<byte> body) : HttpContent
{
    private volatile bool _isWritten;

    /// <summary>Whether all of it was written: the client is done with the memory, also where an answer came before.</summary>
    public bool IsWritten => _isWritten;

    protected override void SerializeToStream(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isWritten = false;
        stream.Write(body.Span);
        _isWritten = true;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _isWritten = false;
        await stream.WriteAsync(body, cancellationToken).ConfigureAwait(false);
        _isWritten = true;
    }

    protected override bool TryComputeLength(out long length)
    {
        length = body.Length;
        return true;
    }
}
