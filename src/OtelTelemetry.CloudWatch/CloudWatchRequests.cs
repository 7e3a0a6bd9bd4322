using System.Globalization;
using System.Text;
using OtelTelemetry.Exporters.Deltas;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>The bodies of requests (<c>PutMetricData</c>, version 2010-08-01), as few as the limits allow. Used by one export at a time.</summary>
/// <param name="ns">The namespace.</param>
internal sealed class CloudWatchRequests(string ns)
{
    /// <summary>The most metrics in a request.</summary>
    public const int MaxMetrics = 1000;

    /// <summary>The most bytes in a request, before compression: CloudWatch takes 1 MB.</summary>
    public const int MaxBytes = 1_000_000;

    private readonly string _begin = $"Action=PutMetricData&Version=2010-08-01&Namespace={Uri.EscapeDataString(ns)}";
    private readonly Queue<CloudWatchRequest> _full = new();
    private readonly StringBuilder _body = new();
    private readonly StringBuilder _entry = new();
    private CloudWatchRequest _request = new();

    /// <summary>Whether a request is waiting to be sent.</summary>
    public bool HasFull => _full.Count > 0;

    /// <summary>Adds one metric.</summary>
    /// <param name="metric">Where its parameters are, each as <c>Name=value</c> after the other.</param>
    /// <param name="first">What is told when it was sent; null for nothing.</param>
    /// <param name="second">The same.</param>
    public void Add(IReadOnlyList<CloudWatchDatum> metric, SeriesDelta? first, SeriesDelta? second)
    {
        if (!TryAdd(metric))
        {
            Seal();
            TryAdd(metric);
        }

        _request.Metrics += metric.Count;
        if (first is { } one) _request.Pending.Add(one);
        if (second is { } two) _request.Pending.Add(two);
    }

    /// <summary>Closes the request that is not full.</summary>
    public void Seal()
    {
        if (_request.Metrics == 0) return;
        _request.Body = Encoding.ASCII.GetBytes(_body.ToString());
        _full.Enqueue(_request);
        Begin();
    }

    /// <summary>Takes the oldest closed request.</summary>
    public bool TryTake(out CloudWatchRequest request) => _full.TryDequeue(out request!);

    /// <summary>Forgets what was not sent.</summary>
    public void Clear()
    {
        _full.Clear();
        Begin();
    }

    private void Begin()
    {
        _request = new CloudWatchRequest();
        _body.Clear();
    }

    private bool TryAdd(IReadOnlyList<CloudWatchDatum> metric)
    {
        if (_body.Length == 0) _body.Append(_begin);
        _entry.Clear();
        for (var i = 0; i < metric.Count; i++)
        {
            foreach (var (name, value) in metric[i].Parameters)
            {
                _entry.Append(CultureInfo.InvariantCulture, $"&MetricData.member.{_request.Metrics + i + 1}.{name}=").Append(Uri.EscapeDataString(value));
            }
        }

        if (_request.Metrics > 0 && (_request.Metrics + metric.Count > MaxMetrics || _body.Length + _entry.Length > MaxBytes)) return false;
        _body.Append(_entry);
        return true;
    }
}

/// <summary>One metric of a request.</summary>
/// <param name="Parameters">Its parameters, relative to the metric.</param>
internal sealed record CloudWatchDatum(IReadOnlyList<(string Name, string Value)> Parameters);

/// <summary>A request.</summary>
internal sealed class CloudWatchRequest
{
    public byte[] Body { get; set; } = [];

    public int Metrics { get; set; }

    /// <summary>What is told when it was sent.</summary>
    public List<SeriesDelta> Pending { get; } = [];
}
