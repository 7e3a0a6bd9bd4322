using Microsoft.Extensions.Configuration;

namespace Pipeline;

/// <summary>Section <c>Pipeline</c>: how the pipeline works, and how the customers and the service outside behave that it works with.</summary>
internal sealed record PipelineSettings
{
    /// <summary>After how many runs it ends by itself; 0 for never.</summary>
    public int Runs { get; init; }

    /// <summary>The time between two runs.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Where the reviews come from and go to: the files reviews.jsonl and reviews.db. Relative to the program.</summary>
    public string Folder { get; init; } = "data";

    /// <summary>How many reviews a run takes at most.</summary>
    public int BatchSize { get; init; } = 200;

    /// <summary>How many reviews go into one call of the service.</summary>
    public int ReviewsPerCall { get; init; } = 20;

    /// <summary>How often a call is made before its run is given up.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>The time before a call is repeated; each further time takes twice as long.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.2);

    /// <summary>What the service takes for a token, in US dollars.</summary>
    public double UsdPerToken { get; init; } = 0.00002;

    /// <summary>The same seed gives the same reviews and the same failures; none gives others every time.</summary>
    public int? Seed { get; init; }

    public CustomerSettings Customers { get; init; } = new();

    public ServiceSettings Service { get; init; } = new();

    /// <exception cref="InvalidOperationException">Settings are wrong; all of them are listed.</exception>
    public static PipelineSettings Read(IConfiguration configuration)
    {
        var settings = configuration.GetSection("Pipeline").Get<PipelineSettings>() ?? new PipelineSettings();
        var wrong = settings.Wrong().ToArray();
        return wrong.Length == 0 ? settings : throw new InvalidOperationException($"Wrong settings:\n{string.Join('\n', wrong)}");
    }

    private IEnumerable<string> Wrong()
    {
        if (Runs < 0) yield return $"Pipeline:Runs is {Runs}; it must be 0 (until stopped) or more.";
        if (Pause < TimeSpan.Zero) yield return $"Pipeline:Pause is {Pause}; it must not be negative.";
        if (BatchSize < 1) yield return $"Pipeline:BatchSize is {BatchSize}; it must be 1 or more.";
        if (ReviewsPerCall < 1) yield return $"Pipeline:ReviewsPerCall is {ReviewsPerCall}; it must be 1 or more.";
        if (Attempts < 1) yield return $"Pipeline:Attempts is {Attempts}; it must be 1 or more.";
        if (RetryDelay < TimeSpan.Zero) yield return $"Pipeline:RetryDelay is {RetryDelay}; it must not be negative.";
        if (UsdPerToken is not (>= 0 and < 1)) yield return $"Pipeline:UsdPerToken is {UsdPerToken}; it must be from 0 to 1.";
        if (Customers.ReviewsPerRun < 0) yield return $"Pipeline:Customers:ReviewsPerRun is {Customers.ReviewsPerRun}; it must not be negative.";
        if (Customers.MalformedRatio is not (>= 0 and <= 1)) yield return $"Pipeline:Customers:MalformedRatio is {Customers.MalformedRatio}; it must be from 0 to 1.";
        if (Service.FailureRatio is not (>= 0 and <= 1)) yield return $"Pipeline:Service:FailureRatio is {Service.FailureRatio}; it must be from 0 to 1.";
        if (Service.Latency < TimeSpan.Zero) yield return $"Pipeline:Service:Latency is {Service.Latency}; it must not be negative.";
        if (Service.Timeout <= TimeSpan.Zero) yield return $"Pipeline:Service:Timeout is {Service.Timeout}; it must be positive.";
    }
}

/// <summary>How the customers behave that <see cref="ReviewFeed"/> stands for.</summary>
internal sealed record CustomerSettings
{
    /// <summary>How many reviews come between two runs, on average.</summary>
    public int ReviewsPerRun { get; init; } = 100;

    /// <summary>The part of them that is damaged.</summary>
    public double MalformedRatio { get; init; } = 0.02;
}

/// <summary>How the service behaves that <see cref="SentimentService"/> stands for, and how long it is waited for.</summary>
internal sealed record ServiceSettings
{
    public Uri Address { get; init; } = new("http://127.0.0.1:5095/");

    /// <summary>How long a call may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long it takes to answer, on average.</summary>
    public TimeSpan Latency { get; init; } = TimeSpan.FromSeconds(0.05);

    /// <summary>The part of the calls that it refuses.</summary>
    public double FailureRatio { get; init; } = 0.1;
}
