namespace OtelTelemetry.Instruments;

/// <summary>One execution of a pipeline, from <see cref="PipelineInstruments.StartExecution"/> until it is disposed. One that was neither
/// completed nor marked as failed when it is disposed, as after an exception, counts as failed. Thread-safe; nothing here throws.</summary>
public sealed class PipelineExecution : IDisposable
{
    private readonly PipelineInstruments _pipeline;
    private readonly string _pipelineName;
    private readonly TimeProvider _time;
    private readonly long _start;
    private bool _completed;
    private int _ended;

    internal PipelineExecution(PipelineInstruments pipeline, string pipelineName, TimeProvider time)
    {
        _pipeline = pipeline;
        _pipelineName = pipelineName;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>A step of the execution begins: the result measures it until it is disposed. It counts as failed unless
    /// <see cref="PipelineStep.Complete"/> was called. What went wrong is counted by <see cref="Fail"/>, or by <see cref="PipelineInstruments.ErrorOccurred(string, Exception)"/>.</summary>
    /// <param name="stepName">The step's name.</param>
    public PipelineStep StartStep(string stepName) => new(_pipeline, _pipelineName, stepName, _time);

    /// <summary>The execution reached its end: it counts as <c>status="success"</c> when it is disposed.</summary>
    public void Complete() => Volatile.Write(ref _completed, true);

    /// <summary>The execution failed: the error is counted by its type, and the execution as <c>status="error"</c>.</summary>
    /// <param name="exception">Its type's name is the kind of the error.</param>
    public void Fail(Exception exception)
    {
        Volatile.Write(ref _completed, false);
        _pipeline.ErrorOccurred(_pipelineName, exception);
    }

    /// <summary>Ends the execution: counts and measures it. Further calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) _pipeline.ExecutionEnded(_pipelineName, Volatile.Read(ref _completed), Elapsed);
    }
}
