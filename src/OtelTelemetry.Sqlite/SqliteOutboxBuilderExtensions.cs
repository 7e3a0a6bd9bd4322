using Microsoft.Extensions.DependencyInjection.Extensions;
using OtelTelemetry;
using OtelTelemetry.Configuration;
using OtelTelemetry.Delivery;
using OtelTelemetry.Delivery.Sqlite;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds the durable outbox.</summary>
public static class SqliteOutboxBuilderExtensions
{
    /// <summary>Keeps what cannot be delivered in a file, <c>Telemetry:Delivery:Outbox:Path</c>, over the end of the process.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file; beats the configuration. Default: null, which leaves it to the configuration, where it must then stand.</param>
    public static TelemetryBuilder AddSqliteOutbox(this TelemetryBuilder builder, string? path = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (path is not null) builder.Services.AddPepperTelemetry(options => options.Delivery.Outbox.Path = path);
        builder.Services.TryAddSingleton<IOutbox>(Create);
        return builder;
    }

    private static SqliteOutbox Create(IServiceProvider services)
    {
        var settings = services.GetRequiredService<TelemetrySettings>();
        if (settings.Options.Delivery.Outbox.Path is { } path) return new SqliteOutbox(path, services.GetService<TimeProvider>());
        settings.Report.Error("Telemetry:Delivery:Outbox:Path", "the outbox has no file", "Set it, such as /var/lib/shop/telemetry-outbox.db, or hand the path to AddSqliteOutbox");
        throw new TelemetryConfigurationException(settings.Report.Errors);
    }
}
