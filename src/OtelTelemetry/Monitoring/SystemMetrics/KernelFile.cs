using Microsoft.Win32.SafeHandles;

namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>A file in which the kernel shows something. It stays open and is read from its beginning each time, into the same memory. Used by one thread at a time.</summary>
internal sealed class KernelFile(string path) : IDisposable
{
    private const int FirstSize = 4096;

    /// <summary>More than this is not read: no file read here is as long on any machine.</summary>
    private const int Most = 4 << 20;

    private byte[] _buffer = new byte[FirstSize];
    private SafeFileHandle? _handle;

    /// <summary>All of the file as it is now; good until the next call.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public ReadOnlySpan<byte> Read()
    {
        _handle ??= File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            var length = 0;
            while (true)
            {
                if (length == _buffer.Length)
                {
                    if (length >= Most) return _buffer;
                    Array.Resize(ref _buffer, 2 * length);
                }

                // The kernel may give a long file in pieces.
                var read = RandomAccess.Read(_handle, _buffer.AsSpan(length), length);
                if (read == 0) return _buffer.AsSpan(0, length);
                length += read;
            }
        }
        catch (Exception)
        {
            // What it showed may have gone, and come back as another file.
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }
}
