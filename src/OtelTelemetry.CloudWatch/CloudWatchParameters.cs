using System.Globalization;
using OtelTelemetry.Exporters.Deltas;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>Writes metrics as parameters of <c>PutMetricData</c>. Used by one export at a time.</summary>
internal sealed class CloudWatchParameters : CloudWatchVisitor
{
    /// <summary>The most values of a metric in one piece (CloudWatch's API reference, "MetricDatum").</summary>
    public const int MaxValues = 150;

    // A histogram has its own form, so only summaries have quantiles.
    private static readonly double[] s_none = [];
    private readonly CloudWatchRequests _requests;
    private readonly bool _highResolution;
    private string _timestamp = "";

    public CloudWatchParameters(CloudWatchExporterOptions options, string exporter, CloudWatchRequests requests, SeriesDeltas deltas)
        : base(deltas, s_none, exporter, options.Dimensions, options.Histograms, MaxValues)
    {
        _requests = requests;
        _highResolution = options.StorageResolution == 1;
    }

    protected override bool GoOn => !_requests.HasFull;

    /// <summary>Begins an export.</summary>
    public void BeginExport(DateTimeOffset now) => _timestamp = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    protected override void Write(string name, string unit, IReadOnlyList<CloudWatchValue> values, SeriesDelta? first, SeriesDelta? second) =>
        _requests.Add([.. values.Select(value => Datum(name, unit, value))], first, second);

    private CloudWatchDatum Datum(string name, string unit, CloudWatchValue value)
    {
        var parameters = new List<(string, string)> { ("MetricName", name) };
        for (var i = 0; i < Dimensions.Count; i++)
        {
            parameters.Add(($"Dimensions.member.{Text(i + 1)}.Name", Dimensions[i].Key));
            parameters.Add(($"Dimensions.member.{Text(i + 1)}.Value", Dimensions[i].Value));
        }

        parameters.Add(("Timestamp", _timestamp));
        if (value.Distribution is { } distribution)
        {
            for (var i = 0; i < distribution.Count; i++)
            {
                parameters.Add(($"Values.member.{Text(i + 1)}", Text(distribution[i].Value)));
                parameters.Add(($"Counts.member.{Text(i + 1)}", Text(distribution[i].Count)));
            }
        }
        else if (value.Statistics is { } statistics)
        {
            parameters.Add(("StatisticValues.SampleCount", Text(statistics.Count)));
            parameters.Add(("StatisticValues.Sum", Text(statistics.Sum)));
            parameters.Add(("StatisticValues.Minimum", Text(statistics.Minimum)));
            parameters.Add(("StatisticValues.Maximum", Text(statistics.Maximum)));
        }
        else
        {
            parameters.Add(("Value", Text(value.Number)));
        }

        parameters.Add(("Unit", unit));
        if (_highResolution) parameters.Add(("StorageResolution", "1"));
        return new CloudWatchDatum(parameters);
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
