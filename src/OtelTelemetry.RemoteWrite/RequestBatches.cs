namespace OtelTelemetry.Exporters.RemoteWrite;

/// <summary>Gathers series and metadata in requests (<c>prometheus.WriteRequest</c>) that exceed neither of two bounds. Not thread-safe.</summary>
/// <param name="maxSamples">The most samples, histograms and metadata entries in a request.</param>
/// <param name="maxBytes">The most bytes of a request, before compression.</param>
internal sealed class RequestBatches(int maxSamples, int maxBytes)
{
    private const int TimeSeriesField = 1;
    private const int MetadataField = 3;

    private readonly Queue<Request> _full = new();
    private ProtobufWriter _current = new(4096);
    private int _samples;
    private int _points;

    /// <summary>Whether a request waits to be sent.</summary>
    public bool HasFull => _full.Count > 0;

    /// <summary>Adds a series with one sample.</summary>
    /// <returns>False when it alone is larger than a request may be.</returns>
    public bool AddSeries(ReadOnlySpan<byte> series)
    {
        if (!Add(TimeSeriesField, series)) return false;
        _points++;
        return true;
    }

    /// <summary>Adds what is said of a metric.</summary>
    /// <returns>False when it alone is larger than a request may be.</returns>
    public bool AddMetadata(ReadOnlySpan<byte> metadata) => Add(MetadataField, metadata);

    /// <summary>Makes the begun request one that waits to be sent.</summary>
    public void Complete()
    {
        if (_samples == 0) return;
        _full.Enqueue(new Request(_current.Written.ToArray(), _samples, _points));
        _current.Truncate(0);
        _samples = _points = 0;
    }

    /// <summary>Takes the next request that waits.</summary>
    public bool TryTake(out Request request) => _full.TryDequeue(out request);

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _full.Clear();
        _current = new ProtobufWriter(4096);
        _samples = _points = 0;
    }

    private bool Add(int field, ReadOnlySpan<byte> message)
    {
        var size = ProtobufWriter.MessageSize(message.Length);
        if (size > maxBytes) return false;
        if (_samples == maxSamples || _current.Length + size > maxBytes) Complete();
        _current.WriteMessage(field, message);
        _samples++;
        return true;
    }

    /// <summary>An encoded request.</summary>
    /// <param name="Bytes">Its body.</param>
    /// <param name="Samples">How many samples, histograms and metadata entries it has.</param>
    /// <param name="Points">How many of them are samples and histograms.</param>
    internal readonly record struct Request(byte[] Bytes, int Samples, int Points);
}
