using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace OtelTelemetry.AspNetCore.Health;

/// <summary>
/// Lets an endpoint of the application have its way where it has the same path as one of ours: many have a <c>/health</c> already, and
/// two that answer one path would be an error.
/// </summary>
internal sealed class YieldingEndpointPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    // After the policies that rule endpoints out by method or host.
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Metadata.GetMetadata<Yields>() is not null) return true;
        }

        return false;
    }

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint is RouteEndpoint ours && ours.Metadata.GetMetadata<Yields>() is not null && HasOther(candidates, ours))
            {
                candidates.SetValidity(i, false);
            }
        }

        return Task.CompletedTask;
    }

    private static bool HasOther(CandidateSet candidates, RouteEndpoint ours)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i)
                && candidates[i].Endpoint is RouteEndpoint other
                && other.Metadata.GetMetadata<Yields>() is null
                && other.Order <= ours.Order
                && other.RoutePattern.InboundPrecedence <= ours.RoutePattern.InboundPrecedence)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Marks an endpoint that yields.</summary>
    internal sealed class Yields
    {
        public static readonly Yields Instance = new();
    }
}
