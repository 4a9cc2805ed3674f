using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Supervision;

/// <summary>Executes the supervisor's effects. Tests without processes use an inert implementation.</summary>
internal interface IEffectRunner
{
    /// <summary>Starts an effect and returns at once; its result is posted through <paramref name="post"/>.</summary>
    void Run(HubEffect effect, Action<HubEvent> post);
}
