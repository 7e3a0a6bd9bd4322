namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>The last lines a program wrote: enough to explain a failure, never more than fits. Thread-safe.</summary>
internal sealed class OutputBuffer(int capacity = 2000)
{
    private readonly Queue<string> _lines = new();

    public void Add(string? line)
    {
        if (line is null) return;
        lock (_lines)
        {
            if (_lines.Count == capacity) _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines) return [.. _lines];
        }
    }

    public override string ToString() => string.Join('\n', Lines);
}
