using Microsoft.Extensions.DependencyInjection.Extensions;
using OtelTelemetry;
using OtelTelemetry.Alerts.Sqlite;
using OtelTelemetry.Alerts.State;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets alerts outlive the process.</summary>
public static class SqliteAlertStateBuilderExtensions
{
    /// <summary>Keeps what alerts know in a file: after a restart no notification is repeated, and none is forgotten. Each process needs a file of its own.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="path">The file; its folder is made when it is missing.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    public static TelemetryBuilder AddSqliteAlertState(this TelemetryBuilder builder, string path)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        builder.Services.TryAddSingleton<IAlertStateStore>(_ => new SqliteAlertStateStore(path));
        return builder;
    }
}
