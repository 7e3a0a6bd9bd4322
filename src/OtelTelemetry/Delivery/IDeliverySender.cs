using OtelTelemetry.Delivery.Splitting;

namespace OtelTelemetry.Delivery;

/// <summary>Makes one attempt.</summary>
internal interface IDeliverySender : IDisposable
{
    /// <summary>Whether requests for this address can be sent.</summary>
    bool Knows(string route);

    /// <summary>The server behind an address: what fails together.</summary>
    string ServerOf(string route);

    /// <summary>What splits requests for this address; null when they are sent whole or not at all.</summary>
    IRequestSplitter? SplitterOf(string route);

    /// <summary>Sends a request once. Throws only when it is cancelled.</summary>
    Task<DeliveryOutcome> SendAsync(OutboxItem item, CancellationToken cancellationToken);
}
