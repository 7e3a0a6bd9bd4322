namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>Counts what is written to the body of an answer, and passes it on as it comes.</summary>
internal sealed class CountingResponseStream(Stream body) : PassingStream(body)
{
    /// <summary>How many bytes were written.</summary>
    public long Bytes { get; private set; }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Bytes += count;
        Body.Write(buffer, offset, count);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Bytes += buffer.Length;
        Body.Write(buffer);
    }

    public override void WriteByte(byte value)
    {
        Bytes++;
        Body.WriteByte(value);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Bytes += count;
        return Body.WriteAsync(buffer, offset, count, cancellationToken);
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Bytes += buffer.Length;
        return Body.WriteAsync(buffer, cancellationToken);
    }

    // The base class would write synchronously, which servers refuse.
    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);
}
