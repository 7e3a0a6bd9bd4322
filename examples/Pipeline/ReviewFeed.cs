using System.Text;
using System.Text.Json;

namespace Pipeline;

/// <summary>Stands for the customers: writes reviews into the file that the pipeline reads, some of them damaged.</summary>
internal sealed class ReviewFeed(PipelineSettings settings, ReviewFile file)
{
    private static readonly string[] s_products = ["book", "lamp", "chair", "desk"];
    private static readonly string[] s_openings = ["I have had it for a week.", "It came late.", "My second one.", "A present for my sister."];
    private static readonly string[] s_opinions = ["It is great.", "I love it.", "It does what it should.", "It broke at once.", "It is too expensive.", "The colour is awful."];
    private readonly Random _random = settings.Seed is { } seed ? new Random(seed) : new Random();

    public async Task Write()
    {
        var lines = new StringBuilder();
        var count = _random.Next(settings.Customers.ReviewsPerRun / 2, (settings.Customers.ReviewsPerRun * 3 / 2) + 1);
        for (var i = 0; i < count; i++)
        {
            var line = JsonSerializer.Serialize(new Review(OneOf(s_products), $"  {OneOf(s_openings)}   {OneOf(s_opinions)} "), JsonSerializerOptions.Web);
            if (_random.NextDouble() < settings.Customers.MalformedRatio) line = line[..(line.Length / 2)];
            lines.Append(line).Append('\n');
        }

        await File.AppendAllTextAsync(file.Path, lines.ToString());
    }

    private string OneOf(string[] texts) => texts[_random.Next(texts.Length)];
}
