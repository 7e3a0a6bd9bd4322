using System.Collections;

namespace OtelTelemetry.Logging;

/// <summary>A message and named values, as log providers read them. Immutable.</summary>
internal sealed class LogContext : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly KeyValuePair<string, object?>[] _values;

    private LogContext(string message, KeyValuePair<string, object?>[] values)
    {
        Message = message;
        _values = values;
    }

    public string Message { get; }

    public int Count => _values.Length;

    public KeyValuePair<string, object?> this[int index] => _values[index];

    /// <param name="message">The message.</param>
    /// <param name="always">Values that come first.</param>
    /// <param name="context">Further values; one named like an earlier one takes its place.</param>
    /// <param name="exception">The exception among the values, if there is one.</param>
    public static LogContext Create(string message, KeyValuePair<string, object?>[] always, ReadOnlySpan<(string Name, object? Value)> context, out Exception? exception)
    {
        var values = new KeyValuePair<string, object?>[always.Length + context.Length + 1];
        always.CopyTo(values, 0);
        var count = always.Length;
        exception = null;
        foreach (var (name, value) in context)
        {
            if (value is Exception thrown && exception is null) exception = thrown;
            else count = Put(values, count, name ?? "", value);
        }

        values[count++] = new KeyValuePair<string, object?>(LogTemplate.Name, message);
        if (count < values.Length) Array.Resize(ref values, count);
        return new LogContext(message, values);
    }

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => ((IEnumerable<KeyValuePair<string, object?>>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => Message;

    private static int Put(KeyValuePair<string, object?>[] values, int count, string name, object? value)
    {
        var place = 0;
        while (place < count && values[place].Key != name) place++;
        values[place] = new KeyValuePair<string, object?>(name, value);
        return Math.Max(count, place + 1);
    }
}
