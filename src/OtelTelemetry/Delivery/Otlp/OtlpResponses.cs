using System.Text;

namespace OtelTelemetry.Delivery.Otlp;

/// <summary>Reads what an OTLP receiver answers.</summary>
internal static class OtlpResponses
{
    /// <summary>What the receiver did not take of a request it took (Export*ServiceResponse.partial_success, the same fields for every signal).</summary>
    /// <param name="message">The answer, without a frame.</param>
    /// <returns>How many items, and what it says about them.</returns>
    public static (long Rejected, string? Message) PartialSuccess(ReadOnlySpan<byte> message)
    {
        var rejected = 0L;
        string? says = null;
        var response = new ProtobufReader(message);
        while (response.TryRead(out var field, out var partial, out _))
        {
            if (field != 1) continue;
            var fields = new ProtobufReader(partial);
            while (fields.TryRead(out field, out var bytes, out var number))
            {
                if (field == 1) rejected = (long)number;
                if (field == 2 && bytes.Length > 0) says = Encoding.UTF8.GetString(bytes);
            }
        }

        return (Math.Max(0, rejected), says);
    }

    /// <summary>When a gRPC server wants to be asked again: google.rpc.RetryInfo in <c>grpc-status-details-bin</c>; null when it does not say.</summary>
    public static TimeSpan? RetryDelay(string? statusDetails)
    {
        if (statusDetails is null) return null;
        byte[] bytes;
        try
        {
            // gRPC leaves the padding out.
            bytes = Convert.FromBase64String(statusDetails.PadRight((statusDetails.Length + 3) / 4 * 4, '='));
        }
        catch (FormatException)
        {
            return null;
        }

        var status = new ProtobufReader(bytes);
        while (status.TryRead(out var field, out var any, out _))
        {
            if (field == 3 && RetryInfo(any) is { } delay) return delay;
        }

        return null;
    }

    private static TimeSpan? RetryInfo(ReadOnlySpan<byte> any)
    {
        var isRetryInfo = false;
        ReadOnlySpan<byte> value = default;
        var fields = new ProtobufReader(any);
        while (fields.TryRead(out var field, out var bytes, out _))
        {
            if (field == 1) isRetryInfo = bytes.EndsWith("google.rpc.RetryInfo"u8);
            if (field == 2) value = bytes;
        }

        if (!isRetryInfo) return null;
        var info = new ProtobufReader(value);
        while (info.TryRead(out var field, out var duration, out _))
        {
            if (field != 1) continue;
            long seconds = 0, nanoseconds = 0;
            var parts = new ProtobufReader(duration);
            while (parts.TryRead(out field, out _, out var number))
            {
                if (field == 1) seconds = (long)number;
                if (field == 2) nanoseconds = (long)number;
            }

            return TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 86_400)) + TimeSpan.FromTicks(Math.Clamp(nanoseconds, 0, 999_999_999) / 100);
        }

        return TimeSpan.Zero;
    }
}
