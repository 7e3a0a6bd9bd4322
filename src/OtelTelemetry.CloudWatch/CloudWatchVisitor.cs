using OtelTelemetry.Exporters.Deltas;
using OtelTelemetry.Reading;

namespace OtelTelemetry.Exporters.CloudWatch;

/// <summary>Turns metrics into what CloudWatch knows: names, units, dimensions, and numbers in its range. Used by one export at a time.</summary>
internal abstract class CloudWatchVisitor : DeltaVisitor
{
    // The range of values that CloudWatch takes: from 2^-360 to 2^360.
    private static readonly double s_largest = Math.ScaleB(1, 360);
    private static readonly double s_smallest = Math.ScaleB(1, -360);

    private readonly KeyValuePair<string, string>[] _constant;
    private readonly CloudWatchHistograms _histograms;
    private readonly int _maxValues;
    private readonly List<KeyValuePair<string, string>> _dimensions = [];
    private string _unit = CloudWatchUnits.None;

    protected CloudWatchVisitor(SeriesDeltas deltas, IEnumerable<double> quantiles, string exporter, IEnumerable<KeyValuePair<string, string>> dimensions, CloudWatchHistograms histograms, int maxValues)
        : base(deltas, quantiles, exporter)
    {
        _constant = [.. dimensions];
        _histograms = histograms;
        _maxValues = maxValues;
    }

    /// <summary>The dimensions of the series that is written.</summary>
    protected IReadOnlyList<KeyValuePair<string, string>> Dimensions => _dimensions;

    /// <summary>Writes one metric of one series, in as many pieces as there are values.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="unit">Its unit as CloudWatch calls it.</param>
    /// <param name="values">What is told of it.</param>
    /// <param name="first">What is told when it was sent; null for nothing.</param>
    /// <param name="second">The same.</param>
    protected abstract void Write(string name, string unit, IReadOnlyList<CloudWatchValue> values, SeriesDelta? first, SeriesDelta? second);

    protected sealed override void OnBegin() => _unit = CloudWatchUnits.Of(Metric);

    protected sealed override void AddCount(Series series, string part, SeriesDelta delta)
    {
        if (InRange(delta.Value) is { } value && ReadDimensions(series)) Write(NameOf(part), UnitOf(part), [new(value)], delta, null);
    }

    protected sealed override void AddGauge(Series series, string part, double value)
    {
        if (InRange(value) is { } number && ReadDimensions(series)) Write(NameOf(part), UnitOf(part), [new(number)], null, null);
    }

    protected sealed override void AddHistogram(Series series, SeriesState state, BucketWindow window, double sum)
    {
        var count = state.Delta(SeriesState.Count);
        // CloudWatch has no statistics of nothing.
        if (count.Value <= 0 || !IsNumber(sum)) return;
        state.ObserveSum(sum);
        var sums = state.Delta(SeriesState.Sum);
        if (!ReadDimensions(series)) return;
        if (_histograms == CloudWatchHistograms.ValuesAndCounts && window.HasEdges && window.Total > 0)
        {
            var pieces = Distribution(window).Chunk(_maxValues).Select(piece => new CloudWatchValue(0, null, piece)).ToArray();
            if (pieces.Length > 0) Write(NameOf(""), _unit, pieces, count, sums);
            return;
        }

        var mean = sums.Value / count.Value;
        var (lowest, highest) = window.HasEdges && window.Total > 0 ? (Math.Min(window.Lowest, mean), Math.Max(window.Highest, mean)) : (mean, mean);
        if (InRange(sums.Value) is { } total && InRange(lowest) is { } minimum && InRange(highest) is { } maximum)
        {
            Write(NameOf(""), _unit, [new(0, new CloudWatchStatistics(count.Value, total, minimum, maximum))], count, sums);
        }
    }

    private static List<(double Value, double Count)> Distribution(BucketWindow window)
    {
        var values = new List<(double Value, double Count)>(window.Length);
        for (var i = 0; i < window.Length; i++)
        {
            var middle = window.Middle(i);
            if (window.Counts[i] > 0 && Math.Abs(middle) <= s_largest) values.Add((Math.Abs(middle) < s_smallest ? 0 : middle, window.Counts[i]));
        }

        return values;
    }

    private string NameOf(string part) => CloudWatchText.Metric(part.Length == 0 ? Metric.Name : $"{Metric.Name}.{part}");

    private string UnitOf(string part) => part == "count" ? CloudWatchUnits.Count : _unit;

    private double? InRange(double value)
    {
        if (Math.Abs(value) < s_smallest) return 0;
        if (Math.Abs(value) <= s_largest) return value;
        CountLoss("out_of_range");
        return null;
    }

    /// <summary>The constant dimensions and the labels; false where there are too many. A label without a value is no dimension.</summary>
    private bool ReadDimensions(Series series)
    {
        _dimensions.Clear();
        for (var i = 0; i < series.LabelCount; i++)
        {
            var (name, value) = series.GetLabel(i);
            Add(CloudWatchText.DimensionName(name), CloudWatchText.DimensionValue(value));
        }

        foreach (var (name, value) in _constant) Add(name, value);
        if (_dimensions.Count <= CloudWatchSettings.MaxDimensions) return true;
        CountLoss("too_many_dimensions");
        return false;
    }

    private void Add(string name, string value)
    {
        if (name.Length == 0 || value.Length == 0) return;
        foreach (var dimension in _dimensions)
        {
            // The series' own label is more than a constant of the same name, and two of one name would spoil the request.
            if (dimension.Key == name) return;
        }

        _dimensions.Add(new(name, value));
    }
}
