using Microsoft.AspNetCore.Routing.Matching;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Listeners;

/// <summary>Hides the other listener's endpoints from a request (404).</summary>
internal sealed class ListenerMatcherPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => int.MinValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => true;

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var listener = httpContext.Listener();
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && !Serves(candidates[i].Endpoint, listener))
            {
                candidates.SetValidity(i, value: false);
            }
        }

        return Task.CompletedTask;
    }

    private static bool Serves(Endpoint endpoint, Listener listener) =>
        endpoint.Metadata.GetMetadata<ListenerMetadata>() is { } metadata
            ? metadata.Listeners.Contains(listener)
            : listener == Listener.Admin;
}
