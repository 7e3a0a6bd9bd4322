namespace OtelTelemetry.Exporters.Deltas;

/// <summary>Lets one export through at a time, and none after the end, which waits for the one under way. Thread-safe.</summary>
internal sealed class ExportGate(string exporter) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _closing = new();
    private int _closed;

    /// <summary>Waits for a turn; dispose what is returned when it is over.</summary>
    /// <exception cref="ObjectDisposedException">The exporter was ended.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public async ValueTask<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        if (Volatile.Read(ref _closed) == 0) return new Turn(_turn, CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closing.Token));
        _turn.Release();
        throw new ObjectDisposedException(exporter, "The exporter was ended.");
    }

    /// <summary>Ends the exports: the one under way is cancelled and waited for. True for the first caller, who releases what the exports used.</summary>
    public async ValueTask<bool> CloseAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0) return false;
        await _closing.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
        _turn.Release();
        return true;
    }

    // The semaphore has no handle to free as long as nobody asks for it, and late callers may still wait on it.
    public void Dispose() => _closing.Dispose();

    /// <summary>The time of one export.</summary>
    internal sealed class Turn(SemaphoreSlim turn, CancellationTokenSource cancellation) : IDisposable
    {
        /// <summary>Cancelled when the caller wants it, or when the exporter ends.</summary>
        public CancellationToken Token => cancellation.Token;

        public void Dispose()
        {
            cancellation.Dispose();
            turn.Release();
        }
    }
}
