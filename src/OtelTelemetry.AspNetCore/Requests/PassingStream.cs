namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>Passes everything on to the server's stream as it is.</summary>
internal abstract class PassingStream(Stream body) : Stream
{
    public override bool CanRead => body.CanRead;

    public override bool CanSeek => body.CanSeek;

    public override bool CanWrite => body.CanWrite;

    public override bool CanTimeout => body.CanTimeout;

    public override long Length => body.Length;

    public override long Position
    {
        get => body.Position;
        set => body.Position = value;
    }

    public override int ReadTimeout
    {
        get => body.ReadTimeout;
        set => body.ReadTimeout = value;
    }

    public override int WriteTimeout
    {
        get => body.WriteTimeout;
        set => body.WriteTimeout = value;
    }

    /// <summary>The server's stream.</summary>
    protected Stream Body => body;

    public override int Read(byte[] buffer, int offset, int count) => body.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => body.Write(buffer, offset, count);

    public override void Flush() => body.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => body.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => body.Seek(offset, origin);

    public override void SetLength(long value) => body.SetLength(value);
}
