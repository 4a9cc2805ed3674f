using StreamHub.Domain.Supervision;
using StreamHub.Server.Supervision;

namespace StreamHub.Tests.Server.Proxy;

/// <summary>Starts nothing: these tests tell the supervisor themselves what became of a launch.</summary>
internal sealed class NoEffects : IEffectRunner
{
    public void Run(HubEffect effect, Action<HubEvent> post)
    {
    }
}
