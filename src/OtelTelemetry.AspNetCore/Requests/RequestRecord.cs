using System.Collections;
using System.Globalization;
using OtelTelemetry.Logging;

namespace OtelTelemetry.AspNetCore.Requests;

/// <summary>A request as the attributes of a log record. Immutable once it is written.</summary>
internal sealed class RequestRecord : IReadOnlyList<KeyValuePair<string, object?>>
{
    private const string Template = "{http.request.method} {url.path} answered {http.response.status_code} in {http.server.request.duration} s";

    /// <summary>All that there can be, the template included.</summary>
    private const int MostFields = 17;

    private readonly KeyValuePair<string, object?>[] _fields = new KeyValuePair<string, object?>[MostFields];
    private readonly string _method;
    private readonly string _path;
    private readonly int _status;
    private readonly double _seconds;

    public RequestRecord(string method, string path, int status, TimeSpan duration)
    {
        (_method, _path, _status, _seconds) = (method, path, status, Math.Round(duration.TotalSeconds, 6));
        Add("http.request.method", method);
        Add("url.path", path);
        Add("http.response.status_code", Boxed.Of(status));
        Add("http.server.request.duration", _seconds);
    }

    public int Count { get; private set; }

    public KeyValuePair<string, object?> this[int index] => index < Count ? _fields[index] : throw new ArgumentOutOfRangeException(nameof(index));

    public void Add(string name, object value) => _fields[Count++] = new(name, value);

    /// <summary>Adds the template, which by convention comes last.</summary>
    public RequestRecord Complete()
    {
        Add(LogTemplate.Name, Template);
        return this;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_method} {_path} answered {_status} in {_seconds} s");

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (var i = 0; i < Count; i++) yield return _fields[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
