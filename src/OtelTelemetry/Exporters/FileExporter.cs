using OtelTelemetry.Exporters.Files;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters;

/// <summary>What exporters to files have in common: one export at a time, and failures of files told with cause and remedy. Thread-safe.</summary>
public abstract class FileExporter : MetricsExporter
{
    private readonly string _path;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private bool _ended;

    private protected FileExporter(string name, string path)
        : base(name) => _path = path;

    /// <inheritdoc/>
    public sealed override async ValueTask<MetricsExportResult> ExportAsync(
        IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_ended, this);
            return await WriteAsync(families, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (FileProblems.IsOne(exception))
        {
            return FileProblems.Result(_path, exception);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public sealed override async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_ended) return;
            _ended = true;
            await EndAsync().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }

        await base.DisposeAsync().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<MetricsExportResult> WriteAsync(IReadOnlyList<MetricFamilyReader> families, CancellationToken cancellationToken);

    /// <summary>Called once, after the last export.</summary>
    private protected virtual Task EndAsync() => Task.CompletedTask;
}
