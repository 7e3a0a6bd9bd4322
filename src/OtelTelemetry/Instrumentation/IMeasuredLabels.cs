using System.ComponentModel;
using OtelTelemetry.Metrics.Typed;

namespace OtelTelemetry.Instrumentation;

/// <summary>The labels of a method that is counted or timed. For generated code.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IMeasuredLabels<TSelf> : IMetricLabels<TSelf>
    where TSelf : struct, IMeasuredLabels<TSelf>
{
    /// <summary>The same labels with the type of the exception that ended the call.</summary>
    /// <param name="errorType">The exception type's full name.</param>
    TSelf WithError(string errorType);
}
