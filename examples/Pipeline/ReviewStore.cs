using Microsoft.Data.Sqlite;

namespace Pipeline;

/// <summary>The destination: a table in SQLite, and beside it how far the source was processed. Both change together, so that no review is
/// lost and none is there twice, wherever the program is interrupted.</summary>
internal sealed class ReviewStore : IDisposable
{
    private const string Schema = """
        CREATE TABLE IF NOT EXISTS review (product TEXT NOT NULL, text TEXT NOT NULL, sentiment TEXT NOT NULL);
        CREATE TABLE IF NOT EXISTS processed (position INTEGER NOT NULL);
        INSERT INTO processed (position) SELECT 0 WHERE NOT EXISTS (SELECT 1 FROM processed);
        """;

    private readonly SqliteConnection _database;

    public ReviewStore(ReviewFile source)
    {
        SQLitePCL.Batteries_V2.Init();
        _database = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.ChangeExtension(source.Path, ".db") }.ToString());
        _database.Open();
        using var command = _database.CreateCommand();
        command.CommandText = Schema;
        command.ExecuteNonQuery();
    }

    /// <summary>Where in the source the unprocessed lines begin.</summary>
    public long Position
    {
        get
        {
            using var command = _database.CreateCommand();
            command.CommandText = "SELECT position FROM processed";
            return (long)command.ExecuteScalar()!;
        }
    }

    /// <summary>Adds reviews and moves the position: both or neither.</summary>
    public void Load(IReadOnlyCollection<RatedReview> reviews, long position)
    {
        using var transaction = _database.BeginTransaction();
        using var insert = Command(transaction, "INSERT INTO review (product, text, sentiment) VALUES ($product, $text, $sentiment)", "$product", "$text", "$sentiment");
        foreach (var (review, sentiment) in reviews)
        {
            insert.Parameters["$product"].Value = review.Product;
            insert.Parameters["$text"].Value = review.Text;
            insert.Parameters["$sentiment"].Value = sentiment;
            insert.ExecuteNonQuery();
        }

        using var move = Command(transaction, "UPDATE processed SET position = $position", "$position");
        move.Parameters["$position"].Value = position;
        move.ExecuteNonQuery();
        transaction.Commit();
    }

    public void Dispose() => _database.Dispose();

    private SqliteCommand Command(SqliteTransaction transaction, string text, params string[] parameters)
    {
        var command = _database.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = text;
        foreach (var parameter in parameters) command.Parameters.AddWithValue(parameter, null);
        return command;
    }
}
