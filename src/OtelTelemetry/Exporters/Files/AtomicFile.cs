namespace OtelTelemetry.Exporters.Files;

/// <summary>
/// Replaces a file as a whole: the new content is written to a temporary file in the same directory, forced to disk and renamed.
/// Whoever reads the file sees the old content or the new, never a part, also after a crash. One call at a time.
/// </summary>
internal sealed class AtomicFile
{
    private static int s_instances;

    private readonly string _path;
    private readonly string _temporary;
    private readonly UnixFileMode _mode;

    /// <summary>Makes one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Who may read and write it; ignored on Windows.</param>
    public AtomicFile(string path, UnixFileMode mode)
    {
        _path = System.IO.Path.GetFullPath(path);
        _mode = mode;

        // Several processes may have been told to write the same file: each has a temporary file of its own, or one would rename the
        // other's half. It begins with a dot and does not end as the file does, so that whoever reads a directory leaves it alone.
        var own = Interlocked.Increment(ref s_instances);
        _temporary = System.IO.Path.Combine(
            System.IO.Path.GetDirectoryName(_path) ?? _path, $".{System.IO.Path.GetFileName(_path)}.{Environment.ProcessId}-{own}.tmp");
    }

    /// <summary>The file, with its whole path.</summary>
    public string Path => _path;

    /// <summary>Replaces the file.</summary>
    /// <param name="write">Writes the new content.</param>
    /// <param name="cancellationToken">Ends it early; the file then stays as it was.</param>
    /// <returns>How long the new content is.</returns>
    public async Task<long> ReplaceAsync(Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            long length;
            var stream = new FileStream(_temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0, useAsync: false);
            await using (stream.ConfigureAwait(false))
            {
                FileModes.Apply(stream.SafeFileHandle, _mode);
                await write(stream, cancellationToken).ConfigureAwait(false);
                stream.Flush(flushToDisk: true);
                length = stream.Length;
            }

            cancellationToken.ThrowIfCancellationRequested();
            File.Move(_temporary, _path, overwrite: true);
            return length;
        }
        catch (Exception)
        {
            Discard();
            throw;
        }
    }

    private void Discard()
    {
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It is overwritten the next time.
        }
    }
}
