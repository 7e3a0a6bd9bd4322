namespace OtelTelemetry.Delivery;

/// <summary>Reads the answers of a backend that takes a request and says of each item by itself what became of it. Thread-safe.</summary>
internal interface IAnswerReader
{
    /// <summary>The most bytes of an answer that are read. A request with a longer answer is sent in parts.</summary>
    int MostOfAnswer { get; }

    /// <summary>Reads an answer that says that the request came in.</summary>
    /// <param name="item">The request.</param>
    /// <param name="answer">The whole answer.</param>
    /// <param name="server">What the server is called in messages.</param>
    /// <returns>Delivered when nothing of it is to be sent again; otherwise failed, with what is to be sent again as the rest.</returns>
    DeliveryOutcome Read(OutboxItem item, ReadOnlyMemory<byte> answer, string server);
}
