namespace OtelTelemetry.Alerts.Rules;

/// <summary>What is computed of a series and compared with the threshold.</summary>
public enum AlertFunction
{
    /// <summary>The last value; of a histogram or summary the average over the window.</summary>
    Last,

    /// <summary>The average of the values over the window; of a histogram or summary of its observations.</summary>
    Average,

    /// <summary>The smallest value in the window; of a histogram or summary the average.</summary>
    Minimum,

    /// <summary>The largest value in the window; of a histogram or summary the average.</summary>
    Maximum,

    /// <summary>The increase a second over the window, resets taken into account; of a histogram or summary of its count.</summary>
    Rate,

    /// <summary>The increase over the window, resets taken into account; of a histogram or summary of its count.</summary>
    Increase,

    /// <summary>A quantile (<see cref="AlertRule.Quantile"/>) of the values in the window; of a histogram of its observations, from its buckets.</summary>
    Quantile,
}
