using System.Globalization;

namespace OtelTelemetry.Exporters.Prometheus;

/// <summary>When a scrape must be over: a little before the scraper gives up, or when it goes away. Dispose it after the scrape.</summary>
public sealed class ScrapeDeadline : IDisposable
{
    /// <summary>The request header in which Prometheus says how long it waits.</summary>
    public const string HeaderName = "X-Prometheus-Scrape-Timeout-Seconds";

    /// <summary>How long a scrape may take when the scraper says nothing: 60 seconds.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;

    internal ScrapeDeadline(string? header, TimeProvider timeProvider, CancellationToken requestAborted)
    {
        After = Parse(header);
        _source = new CancellationTokenSource(After, timeProvider);
        _registration = requestAborted.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), _source);
    }

    /// <summary>How much time there is: what the scraper said less 5%, at most half a second less; or <see cref="Default"/>.</summary>
    public TimeSpan After { get; }

    /// <summary>Cancelled when the time is over or the request was aborted.</summary>
    public CancellationToken Token => _source.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }

    private static TimeSpan Parse(string? header)
    {
        if (!double.TryParse(header, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds is not (> 0 and < 3600))
        {
            return Default;
        }

        return TimeSpan.FromSeconds(seconds - Math.Min(0.5, seconds * 0.05));
    }
}
