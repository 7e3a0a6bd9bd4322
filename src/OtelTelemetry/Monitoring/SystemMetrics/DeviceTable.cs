using System.Text;
using OtelTelemetry.Patterns;

namespace OtelTelemetry.Monitoring.SystemMetrics;

/// <summary>What is known of each device, by its name as the kernel writes it. A device that is known costs no memory to find. Used by one thread at a time.</summary>
/// <param name="exclude">Patterns of the names that are left out.</param>
/// <param name="create">Makes what is to be known of a device; null to leave it out.</param>
internal sealed class DeviceTable<T>(IEnumerable<string> exclude, Func<string, T?> create)
    where T : class
{
    private const int LongestOnStack = 512;

    private readonly WildcardPattern[] _exclude = [.. exclude.Select(pattern => new WildcardPattern(pattern, ignoreCase: false))];
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private int _pass;
    private int _seen;

    private sealed class Entry(T? value)
    {
        public T? Value => value;

        public int Pass { get; set; }
    }

    /// <summary>What is known of a device; null where it is left out.</summary>
    public T? Find(ReadOnlySpan<byte> name)
    {
        var length = Encoding.UTF8.GetMaxCharCount(name.Length);
        Span<char> text = length <= LongestOnStack ? stackalloc char[length] : new char[length];
        return Find((ReadOnlySpan<char>)text[..Encoding.UTF8.GetChars(name, text)]);
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{byte})"/>
    public T? Find(ReadOnlySpan<char> name)
    {
        var lookup = _entries.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(name, out var entry))
        {
            var text = name.ToString();
            entry = new Entry(Array.Exists(_exclude, pattern => pattern.IsMatch(text)) ? null : create(text)) { Pass = _pass - 1 };
            _entries[text] = entry;
        }

        if (entry.Pass != _pass) _seen++;
        entry.Pass = _pass;
        return entry.Value;
    }

    /// <summary>All devices were looked at: those that were not there any more are forgotten.</summary>
    public void EndPass()
    {
        if (_seen < _entries.Count)
        {
            foreach (var (name, entry) in _entries)
            {
                // Removing while enumerating is allowed.
                if (entry.Pass != _pass) _entries.Remove(name);
            }
        }

        _pass++;
        _seen = 0;
    }
}
