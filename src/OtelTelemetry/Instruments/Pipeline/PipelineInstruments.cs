using OtelTelemetry.Metrics;

namespace OtelTelemetry.Instruments;

/// <summary>
/// What pipelines that work through items in steps are watched by: executions, durations, steps, errors, API calls, cost, items, active
/// executions and queue depth, each by <c>pipeline_name</c>. A collector's namespace comes before the names. Several sets on one
/// collector share their metrics. Thread-safe; its methods never throw. Names of pipelines, steps and error types are label values:
/// use few different ones; past the cap of series they are put together.
/// </summary>
/// <example><code>
/// var pipeline = new PipelineInstruments(collector);
/// using var execution = pipeline.StartExecution("data_processor");
/// using (var step = execution.StartStep("load"))
/// {
///     pipeline.ItemsProcessed("data_processor", 100);
///     step.Complete();
/// }
///
/// execution.Complete();
/// </code></example>
public sealed class PipelineInstruments
{
    private const string Success = "success";
    private const string Error = "error";

    /// <summary>From a tenth of a second to an hour: the alert on slow pipelines stands at 300 seconds.</summary>
    private static readonly double[] s_durations = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600];

    private readonly Counter _executions;
    private readonly Histogram _durations;
    private readonly Gauge _active;
    private readonly Counter _steps;
    private readonly Histogram _stepDurations;
    private readonly Counter _errors;
    private readonly Counter _apiCalls;
    private readonly Counter _cost;
    private readonly Counter _items;
    private readonly Gauge _queueDepth;
    private readonly TimeProvider _time;

    /// <summary>Makes the metrics, or takes those the collector has.</summary>
    /// <param name="collector">Where the metrics are.</param>
    /// <exception cref="DuplicateMetricException">A different metric has one of the names.</exception>
    public PipelineInstruments(MetricsCollector collector)
    {
        ArgumentNullException.ThrowIfNull(collector);
        _time = collector.TimeProvider;
        _executions = Counter(collector, "pipeline_executions_total", "Pipeline executions that have ended.", "pipeline_name", "status");
        _durations = Durations(collector, "pipeline_duration_seconds", "Time of a pipeline execution.", "pipeline_name");
        _active = Gauge(collector, "pipeline_active_executions", "Pipeline executions that have begun and not ended.");
        _steps = Counter(collector, "pipeline_steps_total", "Steps that have ended.", "pipeline_name", "step_name", "status");
        _stepDurations = Durations(collector, "pipeline_step_duration_seconds", "Time of a step.", "pipeline_name", "step_name");
        _errors = Counter(collector, "pipeline_errors_total", "Errors, by their type.", "pipeline_name", "error_type");
        _apiCalls = Counter(collector, "pipeline_api_calls_total", "Calls of other services' APIs.", "pipeline_name");
        _cost = Counter(collector, "pipeline_cost_usd", "What executions have cost, in US dollars.", "pipeline_name");
        _items = Counter(collector, "pipeline_items_total", "Items processed.", "pipeline_name");
        _queueDepth = Gauge(collector, "pipeline_queue_depth", "Items that wait to be processed.");
    }

    /// <summary>An execution begins: it is active until the result is disposed, which counts and measures it. It counts as failed
    /// unless <see cref="PipelineExecution.Complete"/> was called.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    public PipelineExecution StartExecution(string pipelineName)
    {
        _active.Inc(pipelineName);
        return new PipelineExecution(this, pipelineName, _time);
    }

    /// <summary>An execution ended well.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="duration">How long it took.</param>
    public void ExecutionSucceeded(string pipelineName, TimeSpan duration) => ExecutionEnded(pipelineName, Success, duration);

    /// <summary>An execution failed.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="duration">How long it took.</param>
    public void ExecutionFailed(string pipelineName, TimeSpan duration) => ExecutionEnded(pipelineName, Error, duration);

    /// <summary>A step ended well. Of an execution that is going on, <see cref="PipelineExecution.StartStep"/> measures it.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="stepName">The step's name.</param>
    /// <param name="duration">How long it took.</param>
    public void StepSucceeded(string pipelineName, string stepName, TimeSpan duration) => StepEnded(pipelineName, stepName, Success, duration);

    /// <summary>A step failed.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="stepName">The step's name.</param>
    /// <param name="duration">How long it took.</param>
    public void StepFailed(string pipelineName, string stepName, TimeSpan duration) => StepEnded(pipelineName, stepName, Error, duration);

    /// <summary>An error occurred.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="errorType">Its kind, such as <c>timeout</c>; not its message.</param>
    public void ErrorOccurred(string pipelineName, string errorType) => _errors.Inc(pipelineName, errorType);

    /// <summary>An error occurred.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="exception">Its type's name is the kind of the error.</param>
    public void ErrorOccurred(string pipelineName, Exception exception) => _errors.Inc(pipelineName, exception?.GetType().Name ?? "");

    /// <summary>Another service's API was called.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="count">How often; negative is counted as dropped.</param>
    public void ApiCalled(string pipelineName, long count = 1) => _apiCalls.With(pipelineName).Inc(count);

    /// <summary>Money was spent.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="usd">How much, in US dollars; negative, NaN and infinity are counted as dropped.</param>
    public void CostAdded(string pipelineName, double usd) => _cost.With(pipelineName).Inc(usd);

    /// <summary>Items were processed.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="count">How many; negative is counted as dropped.</param>
    public void ItemsProcessed(string pipelineName, long count = 1) => _items.With(pipelineName).Inc(count);

    /// <summary>So many items wait now.</summary>
    /// <param name="pipelineName">The pipeline's name.</param>
    /// <param name="count">Their number.</param>
    public void QueueDepth(string pipelineName, long count) => _queueDepth.Set(count, pipelineName);

    /// <summary>An execution that was started here has ended.</summary>
    internal void ExecutionEnded(string pipelineName, bool completed, TimeSpan duration)
    {
        _active.Dec(pipelineName);
        ExecutionEnded(pipelineName, completed ? Success : Error, duration);
    }

    /// <summary>A step that was started by an execution has ended.</summary>
    internal void StepEnded(string pipelineName, string stepName, bool completed, TimeSpan duration) =>
        StepEnded(pipelineName, stepName, completed ? Success : Error, duration);

    private void ExecutionEnded(string pipelineName, string status, TimeSpan duration)
    {
        _executions.Inc(pipelineName, status);
        _durations.Observe(duration.TotalSeconds, pipelineName);
    }

    private void StepEnded(string pipelineName, string stepName, string status, TimeSpan duration)
    {
        _steps.Inc(pipelineName, stepName, status);
        _stepDurations.Observe(duration.TotalSeconds, pipelineName, stepName);
    }

    private static Counter Counter(MetricsCollector collector, string name, string help, params string[] labels) =>
        InstrumentSet.Counter(collector, new CounterOptions(name) { Help = help, LabelNames = labels });

    private static Gauge Gauge(MetricsCollector collector, string name, string help) =>
        InstrumentSet.Gauge(collector, new GaugeOptions(name) { Help = help, LabelNames = ["pipeline_name"] });

    private static Histogram Durations(MetricsCollector collector, string name, string help, params string[] labels) =>
        InstrumentSet.Histogram(collector, new HistogramOptions(name) { Help = help, Unit = "s", LabelNames = labels, Buckets = s_durations });
}
