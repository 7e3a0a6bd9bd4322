namespace OtelTelemetry.Instruments;

/// <summary>One step of an execution, from <see cref="PipelineExecution.StartStep"/> until it is disposed. One that was not completed when
/// it is disposed, as after an exception, counts as failed. Thread-safe; nothing here throws.</summary>
public sealed class PipelineStep : IDisposable
{
    private readonly PipelineInstruments _pipeline;
    private readonly string _pipelineName;
    private readonly string _stepName;
    private readonly TimeProvider _time;
    private readonly long _start;
    private bool _completed;
    private int _ended;

    internal PipelineStep(PipelineInstruments pipeline, string pipelineName, string stepName, TimeProvider time)
    {
        _pipeline = pipeline;
        _pipelineName = pipelineName;
        _stepName = stepName;
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>The time since the start.</summary>
    public TimeSpan Elapsed => _time.GetElapsedTime(_start);

    /// <summary>The step reached its end: it counts as <c>status="success"</c> when it is disposed.</summary>
    public void Complete() => Volatile.Write(ref _completed, true);

    /// <summary>Ends the step: counts and measures it. Further calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0) _pipeline.StepEnded(_pipelineName, _stepName, Volatile.Read(ref _completed), Elapsed);
    }
}
