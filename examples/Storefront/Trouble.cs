namespace Storefront;

/// <summary>What goes wrong in every shop, on demand.</summary>
internal static class Trouble
{
    private const int LongestMilliseconds = 10_000;

    public static void MapTrouble(this WebApplication app)
    {
        app.MapGet("/fail", IResult () => throw new InvalidOperationException("The warehouse does not answer."));

        app.MapGet("/slow", async (CancellationToken cancellation, int ms = 500) =>
        {
            if (ms is < 0 or > LongestMilliseconds) return Results.BadRequest($"ms: 0 to {LongestMilliseconds}.");
            await Task.Delay(ms, cancellation);
            return Results.Ok(new { WaitedMilliseconds = ms });
        });
    }
}
