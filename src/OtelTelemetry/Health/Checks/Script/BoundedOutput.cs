using System.Text;

namespace OtelTelemetry.Health.Checks.Script;

/// <summary>Keeps the beginning of what a program writes to both its outputs, and reads the rest so that it can go on. Thread-safe.</summary>
internal sealed class BoundedOutput(int limit)
{
    private readonly byte[] _kept = new byte[limit];
    private readonly Lock _gate = new();
    private int _length;

    public async Task ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count) Keep(buffer.AsSpan(0, count));
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The program is gone; what it wrote before is kept.
        }
    }

    /// <summary>What was kept, as UTF-8, without white space around it.</summary>
    public override string ToString()
    {
        lock (_gate) return Encoding.UTF8.GetString(_kept, 0, _length).Trim();
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            var fits = bytes[..Math.Min(bytes.Length, _kept.Length - _length)];
            fits.CopyTo(_kept.AsSpan(_length));
            _length += fits.Length;
        }
    }
}
