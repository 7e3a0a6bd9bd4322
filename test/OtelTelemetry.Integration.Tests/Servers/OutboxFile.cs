using Microsoft.Data.Sqlite;

namespace OtelTelemetry.Integration.Tests.Servers;

/// <summary>Looks into an outbox whose owner is gone.</summary>
internal static class OutboxFile
{
    static OutboxFile() => SQLitePCL.Batteries_V2.Init();

    /// <summary>How many items wait, by destination.</summary>
    public static Dictionary<string, long> Items(string path)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT destination, sum(items) FROM request GROUP BY destination";
        using var rows = command.ExecuteReader();
        var items = new Dictionary<string, long>(StringComparer.Ordinal);
        while (rows.Read()) items.Add(rows.GetString(0), rows.GetInt64(1));
        return items;
    }
}
