using Microsoft.Extensions.Logging;
using OtelTelemetry.Testing.Internal;

namespace OtelTelemetry.Testing;

/// <summary>What a test expects of log records. Immutable.</summary>
public sealed class LogAssertion : CaptureAssertion<LogAssertion, CapturedLog>
{
    private readonly string _template;

    internal LogAssertion(IReadOnlyList<CapturedLog> all)
        : this("", "log record", all, all)
    {
    }

    private LogAssertion(string template, string description, IReadOnlyList<CapturedLog> items, IReadOnlyList<CapturedLog> all)
        : base(description, items, all) => _template = template;

    private protected override string Plural => "log records";

    private protected override string Name => _template;

    private protected override IEnumerable<string> Names => All.Select(log => log.Template ?? log.Message);

    /// <summary>Only records of one level.</summary>
    /// <param name="level">The level.</param>
    public LogAssertion WithLevel(LogLevel level) => Where($"of level {level}", log => log.Level == level);

    /// <summary>Only records of one category.</summary>
    /// <param name="category">The category, in full.</param>
    public LogAssertion WithCategory(string category) => Where($"of category '{category}'", log => log.Category == category);

    /// <summary>Only records made of one template.</summary>
    /// <param name="template">The template as the code has it, such as <c>sold {Book}</c>.</param>
    public LogAssertion WithTemplate(string template) =>
        new(template, $"{Description} '{template}'", [.. Items.Where(log => log.Template == template)], All);

    /// <summary>Only records whose finished text has this in it.</summary>
    /// <param name="text">The text.</param>
    public LogAssertion WithText(string text) => Where($"with the text '{text}'", log => log.Message.Contains(text, StringComparison.Ordinal));

    /// <summary>Only records with an exception of this type.</summary>
    /// <typeparam name="TException">The type, or one above it.</typeparam>
    public LogAssertion WithException<TException>()
        where TException : Exception => Where($"with {typeof(TException).Name}", log => log.Exception is TException);

    /// <summary>Only records written in a trace.</summary>
    /// <param name="traceId">The trace's id: 32 hexadecimal digits.</param>
    public LogAssertion WithTraceId(string traceId) => Where($"of trace {traceId}", log => log.TraceId.ToHexString() == traceId);

    /// <summary>It has a value of this name.</summary>
    /// <param name="name">The name in the template, such as <c>Book</c>.</param>
    /// <param name="value">The value; numbers are compared whatever their type.</param>
    /// <exception cref="TelemetryAssertionException">It has not.</exception>
    public LogAssertion ShouldHaveValue(string name, object? value) => Should(
        $"with {name}={Show.Value(value)}",
        log => log.Values.TryGetValue(name, out var actual) && Show.Same(actual, value),
        log => log.Values.TryGetValue(name, out var actual) ? $"{name} was {Show.Value(actual)}" : $"it had no value '{name}'");

    private protected override LogAssertion Narrowed(string description, IReadOnlyList<CapturedLog> items) => new(_template, description, items, All);
}
