using OtelTelemetry.Configuration;
using OtelTelemetry.Delivery;
using OtelTelemetry.Exporters.Http;
using OtelTelemetry.Logging.Sinks.Queue;

namespace OtelTelemetry.Logging.Sinks.Elasticsearch;

/// <summary>Sends log records to Elasticsearch or OpenSearch, by their bulk interface, with the names of the Elastic Common Schema. Immutable.</summary>
public sealed record ElasticsearchLogOptions : LogSinkOptions
{
    /// <summary>The address of the server, http or https, up to where <c>/_bulk</c> comes. Default: <c>http://localhost:9200</c>.</summary>
    public Uri? Endpoint { get; init; } = new("http://localhost:9200");

    /// <summary>The index, or data stream, of a record. The record's own time in UTC takes the place of <c>%Y</c>, <c>%m</c>, <c>%d</c>, <c>%H</c>, <c>%j</c> (the day of the year), and of
    /// .NET forms in braces such as <c>{yyyy.MM.dd}</c>. Lower case. Default: <c>logs-%Y.%m.%d</c>.</summary>
    public string Index { get; init; } = "logs-%Y.%m.%d";

    /// <summary>The ingest pipeline that the server runs on each record. Default: null, the one the index names.</summary>
    public string? Pipeline { get; init; }

    /// <summary>The user's name, with <see cref="Password"/>. Default: null.</summary>
    public string? Username { get; init; }

    /// <summary>The user's password: a secret, which is never shown. Default: null.</summary>
    public string? Password { get; init; }

    /// <summary>An API key: a secret, which is never shown. Either as the server gives it out encoded, or as <c>id:key</c>. Default: null.</summary>
    public string? ApiKey { get; init; }

    /// <summary>A token of a service or a user: a secret, which is never shown. Default: null.</summary>
    public string? BearerToken { get; init; }

    /// <summary>Further headers of every request. Their values are never shown. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>The most records of one request; 1 to 100,000. Default: 1000.</summary>
    public int BufferSize { get; init; } = 1000;

    /// <summary>How long a record waits at most for others to be sent with; zero sends at once, at most an hour. Default: 1 second.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The most bytes of one request before it is compressed, from 64 KiB; a record that alone is larger is dropped and counted. <see cref="DestinationOptions.MaxRequestBytes"/> of
    /// <see cref="Delivery"/> beats it. Default: 5 MiB.</summary>
    public long MaxRequestBytes { get; init; } = 5 * 1024 * 1024;

    /// <summary>The most bytes that wait to be put into a request; records beyond are dropped and counted. At least 64 KiB. What waits in requests is bounded by <see cref="Delivery"/>. Default: 8 MiB.</summary>
    public long MaxQueueBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Whether requests are compressed with gzip. <see cref="DestinationOptions.Gzip"/> of <see cref="Delivery"/> beats it. Default: true.</summary>
    public bool Gzip { get; init; } = true;

    /// <summary>How requests are delivered, where that is not as for all (<c>Telemetry:Delivery</c>).</summary>
    public DestinationOptions Delivery { get; init; } = new();

    /// <inheritdoc/>
    public override LogSink Create(LogSinkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return new ElasticsearchLogSink(this, context);
    }

    /// <summary>Where to and which index; no secrets.</summary>
    public override string ToString() => $"{nameof(ElasticsearchLogOptions)} {{ Endpoint = {Endpoint?.GetLeftPart(UriPartial.Path)}, Index = {Index} }}";

    /// <inheritdoc/>
    protected override IEnumerable<(string Property, string Problem, string Remedy)> CheckOwn()
    {
        if (HttpEndpoints.Check(Endpoint, "http://localhost:9200") is { } wrong) yield return (nameof(Endpoint), wrong.Problem, wrong.Remedy);
        if (IndexPattern.Check(Index) is { } index) yield return (nameof(Index), index.Problem, index.Remedy);
        if (Pipeline is not null && string.IsNullOrWhiteSpace(Pipeline)) yield return (nameof(Pipeline), "it is empty", "Allowed: the name of an ingest pipeline, or no setting");
        foreach (var error in ElasticsearchCredentials.Check(this)) yield return error;
        if (BufferSize is < 1 or > 100_000) yield return (nameof(BufferSize), $"{BufferSize} records are out of range", "Allowed: 1 to 100000, such as 1000");
        if (MaxRequestBytes is < LogQueueSettings.LeastBytes or > 1024 * 1024 * 1024) yield return (nameof(MaxRequestBytes), $"{MaxRequestBytes} bytes are out of range", "Allowed: from 64KiB to 1GiB, such as 5MiB");
        foreach (var error in LogQueueSettings.Check(MaxQueueBytes, FlushInterval)) yield return error;
        foreach (var (property, problem, remedy) in Delivery.Check()) yield return ($"{nameof(Delivery)}:{property}", problem, remedy);
    }

    internal static LogSinkOptions Read(SettingSection settings)
    {
        var options = new ElasticsearchLogOptions();
        settings.Bind("Endpoint", Parse.Endpoint, value => options = options with { Endpoint = value });
        settings.Bind("Index", Parse.Text, value => options = options with { Index = value });
        settings.Bind("Pipeline", Parse.Text, value => options = options with { Pipeline = value });
        settings.Bind("Username", Parse.Text, value => options = options with { Username = value });
        settings.Bind("Password", Parse.Text, value => options = options with { Password = value });
        settings.Bind("ApiKey", Parse.Text, value => options = options with { ApiKey = value });
        settings.Bind("BearerToken", Parse.Text, value => options = options with { BearerToken = value });
        settings.BindMap("Headers", Parse.Text, values => options = options with { Headers = values });
        settings.Bind("BufferSize", Parse.Integer, value => options = options with { BufferSize = value });
        settings.Bind("FlushInterval", Parse.Duration, value => options = options with { FlushInterval = value });
        settings.Bind("MaxRequestBytes", Parse.OptionalSize, value => options = options with { MaxRequestBytes = value ?? options.MaxRequestBytes });
        settings.Bind("MaxQueueBytes", Parse.OptionalSize, value => options = options with { MaxQueueBytes = value ?? options.MaxQueueBytes });
        settings.Bind("Gzip", Parse.Boolean, value => options = options with { Gzip = value });
        settings.BindDelivery(options.Delivery);
        return options;
    }
}
