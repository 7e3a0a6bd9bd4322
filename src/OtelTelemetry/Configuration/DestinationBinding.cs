using OtelTelemetry.Delivery;

namespace OtelTelemetry.Configuration;

/// <summary>Reads what one destination sets for itself: section <c>Delivery</c> of an exporter, of <c>Otlp</c> and of <c>Zipkin</c>.</summary>
internal static class DestinationBinding
{
    public static void Bind(SettingBinder binder, string path, DestinationOptions options)
    {
        binder.Bind(path + ":Enabled", Parse.OptionalBoolean, value => options.Enabled = value);
        binder.Bind(path + ":Mode", Parse.OptionalDeliveryMode, value => options.Mode = value);
        binder.Bind(path + ":Order", Parse.OptionalDeliveryOrder, value => options.Order = value);
        binder.Bind(path + ":AttemptTimeout", Parse.OptionalDuration, value => options.AttemptTimeout = value);
        binder.Bind(path + ":MaxAttempts", Parse.OptionalInteger, value => options.MaxAttempts = value);
        binder.Bind(path + ":Backoff", Parse.OptionalDuration, value => options.Backoff = value);
        binder.Bind(path + ":MaxBackoff", Parse.OptionalDuration, value => options.MaxBackoff = value);
        binder.Bind(path + ":MaxBytes", Parse.OptionalSize, value => options.MaxBytes = value);
        binder.Bind(path + ":MaxRequests", Parse.OptionalInteger, value => options.MaxRequests = value);
        binder.Bind(path + ":MaxAge", Parse.OptionalDuration, value => options.MaxAge = value);
        binder.Bind(path + ":MaxRequestBytes", Parse.OptionalSize, value => options.MaxRequestBytes = value);
        binder.Bind(path + ":Gzip", Parse.OptionalBoolean, value => options.Gzip = value);
    }
}
