using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Supervision;

/// <summary>Does what the supervisor wants done. Tests that need no processes put an inert one in its place.</summary>
internal interface IEffectRunner
{
    /// <summary>Begins an effect and returns at once; its result comes back through <paramref name="post"/>.</summary>
    void Run(HubEffect effect, Action<HubEvent> post);
}
