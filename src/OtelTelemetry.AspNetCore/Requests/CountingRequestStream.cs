namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>Counts what is read of the body of a request. Whoever reads it by its pipe comes by here too: servers make one of the stream that is set.</summary>
internal sealed class CountingRequestStream(Stream body) : PassingStream(body)
{
    /// <summary>How many bytes were read.</summary>
    public long Bytes { get; private set; }

    public override int Read(byte[] buffer, int offset, int count) => Counted(Body.Read(buffer, offset, count));

    public override int Read(Span<byte> buffer) => Counted(Body.Read(buffer));

    public override int ReadByte()
    {
        var value = Body.ReadByte();
        if (value >= 0) Bytes++;
        return value;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Counted(await Body.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));

    // The base class would read synchronously, which servers refuse.
    public override IAsyncResult BeginRead(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(ReadAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override int EndRead(IAsyncResult asyncResult) => TaskToAsyncResult.End<int>(asyncResult);

    private int Counted(int bytes)
    {
        Bytes += bytes;
        return bytes;
    }
}
