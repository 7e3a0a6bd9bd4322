using System.Text;

namespace Pipeline;

/// <summary>Some lines of the file.</summary>
/// <param name="Lines">The lines.</param>
/// <param name="Waiting">How many lines wait to be processed, these included.</param>
/// <param name="End">Where in the file the next ones begin.</param>
internal sealed record Batch(IReadOnlyList<string> Lines, int Waiting, long End);

/// <summary>The source: a file that others append lines to.</summary>
internal sealed class ReviewFile(PipelineSettings settings)
{
    public string Path { get; } = System.IO.Path.Combine(Directory.CreateDirectory(System.IO.Path.GetFullPath(settings.Folder, AppContext.BaseDirectory)).FullName, "reviews.jsonl");

    /// <summary>Reads as many lines as a run takes. A line whose end is not yet written waits.</summary>
    /// <param name="start">Where to begin: the end of what was processed.</param>
    public async Task<Batch> Read(long start)
    {
        await using var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        file.Position = start;
        var unread = new byte[file.Length - start];
        await file.ReadExactlyAsync(unread);

        var lines = new List<string>();
        var (waiting, taken) = (0, 0);
        for (int from = 0, to; (to = Array.IndexOf(unread, (byte)'\n', from)) >= 0; from = to + 1)
        {
            waiting++;
            if (lines.Count == settings.BatchSize) continue;
            lines.Add(Encoding.UTF8.GetString(unread, from, to - from));
            taken = to + 1;
        }

        return new Batch(lines, waiting, start + taken);
    }
}
