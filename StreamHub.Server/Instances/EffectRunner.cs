using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Instances;

/// <summary>Does what the supervisor wants done.</summary>
public sealed class EffectRunner
{
    /// <summary>Begins an effect; its result comes back through <paramref name="post"/>.</summary>
    public void Run(HubEffect effect, Action<HubEvent> post)
    {
        _ = effect;
        _ = post;
    }
}
