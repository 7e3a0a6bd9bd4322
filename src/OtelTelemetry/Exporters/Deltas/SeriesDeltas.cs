using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.Deltas;

/// <summary>
/// Remembers, series by series, what a backend that counts for itself was sent, because the read model's counts only grow. Holds a bounded
/// number of series and forgets those that are gone for <see cref="IdleTime"/>. Used by one export at a time.
/// </summary>
/// <param name="limit">The most series.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class SeriesDeltas(int limit, TimeProvider timeProvider)
{
    /// <summary>After how long a series that is in no export any more is forgotten. Longer than a source that fails now and then stays away:
    /// its series must not be counted from zero when they are back.</summary>
    public static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly Dictionary<string, SeriesState> _states = new(StringComparer.Ordinal);
    private char[] _key = new char[256];
    private int _keyLength;
    private long _pass;
    private long _now;

    /// <summary>How many series are remembered.</summary>
    public int Count => _states.Count;

    /// <summary>Begins an export.</summary>
    public void BeginPass()
    {
        _pass++;
        _now = timeProvider.GetTimestamp();
    }

    /// <summary>Ends an export that saw every series. One that failed midway must not call it: the series it did not come to are not gone.</summary>
    public void EndPass()
    {
        foreach (var (key, state) in _states)
        {
            if (timeProvider.GetElapsedTime(state.SeenAt, _now) >= IdleTime) _states.Remove(key);
        }
    }

    /// <summary>The state of a series; null when there are too many.</summary>
    public SeriesState? Find(MetricDescriptor metric, Series series)
    {
        WriteKey(metric, series);
        var lookup = _states.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var twin = 0; ; twin++)
        {
            if (!lookup.TryGetValue(_key.AsSpan(0, _keyLength), out var state))
            {
                if (_states.Count >= limit) return null;
                state = new SeriesState();
                lookup[_key.AsSpan(0, _keyLength)] = state;
            }
            else if (state.Pass == _pass)
            {
                // Two instruments of one name and one meter: each has a state of its own, in the order of the collection.
                Append((char)twin);
                continue;
            }

            state.Pass = _pass;
            state.SeenAt = _now;
            return state;
        }
    }

    private void WriteKey(MetricDescriptor metric, Series series)
    {
        _keyLength = 0;
        Append((char)metric.Kind);
        Append(metric.Scope.Name);
        Append(metric.Scope.Version);
        Append(metric.Name);
        for (var i = 0; i < series.LabelCount; i++)
        {
            var label = series.GetLabel(i);
            Append(label.Key);
            Append(label.Value);
        }
    }

    // With its length in front, so that no two series have the same key whatever their labels hold.
    private void Append(string text)
    {
        Append((char)(text.Length >> 16));
        Append((char)text.Length);
        MakeRoom(text.Length);
        text.CopyTo(_key.AsSpan(_keyLength));
        _keyLength += text.Length;
    }

    private void Append(char character)
    {
        MakeRoom(1);
        _key[_keyLength++] = character;
    }

    private void MakeRoom(int length)
    {
        if (_keyLength + length > _key.Length) Array.Resize(ref _key, Math.Max(_key.Length * 2, _keyLength + length));
    }
}
