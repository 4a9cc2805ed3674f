using System.Globalization;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Life;

/// <summary>What becomes of each state at each event, as text: <c>state | event → state [effects]</c>.</summary>
internal static class LifeTable
{
    private static readonly InstanceKey Key = new(LifeStates.Sales.Slug);

    public static string Write()
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        foreach (var (name, reach) in LifeStates.All)
        {
            var now = Tell(reach().State);
            var unchanged = new List<string>();
            text.WriteLine($"{name}: {now}");
            foreach (var (@event, play) in LifeEvents.Of(reach()))
            {
                var hub = reach();
                play(hub);
                var (after, effects) = (Tell(hub.State), string.Join(", ", hub.Effects.Where(effect => IsOwn(hub, effect)).Select(Tell)));
                if (after == now && effects.Length == 0)
                {
                    unchanged.Add(@event);
                }
                else
                {
                    text.WriteLine($"{name,-25} | {@event,-36} → {after}{(effects.Length == 0 ? "" : $" [{effects}]")}");
                }
            }

            text.WriteLine(unchanged.Count == 0 ? "" : $"{name,-25} | {string.Join(" · ", unchanged)} → unchanged\n");
        }

        return text.ToString();
    }

    private static string Tell(HubState state)
    {
        var instance = state.Find(Key);
        string[] marks =
        [
            instance is null ? "unknown" : Tell(instance),
            instance is { IsRemoved: true } ? "removed" : "",
            state.Maintenance is null ? "" : "maintenance",
            state.Phase switch { HubPhase.Leaving => "hub leaving", HubPhase.Stopping => "hub stopping", _ => "" },
        ];
        return string.Join(" · ", marks.Where(mark => mark.Length > 0));
    }

    private static string Tell(Instance instance)
    {
        string[] parts =
        [
            instance.Desired switch { Desired.On => "on", Desired.Off => "off", Desired.Held { Hold.Until: not null } => "held until", _ => "held" },
            .. instance.Runs.Select(Tell),
            .. instance.Waiting is Waiting.Nothing ? Array.Empty<string>() : [Tell(instance.Waiting)],
        ];
        return string.Join(", ", parts);
    }

    private static string Tell(Run run) =>
        $"#{run.Id.Value} {Tell(run.State)}{(run.Process is null ? " without process" : "")}{(run.Hang is null ? "" : $" hung {run.Hang.Reason}")}{(run.Sessions == 0 ? "" : $" with {run.Sessions}")}";

    private static string Tell(RunState state) => state switch
    {
        RunState.Stopping stopping => $"stopping {stopping.Reason}",
        RunState.Killing killing => $"killing {killing.Reason}",
        _ => state.GetType().Name.ToLowerInvariant(),
    };

    private static string Tell(Waiting waiting) => waiting switch
    {
        Waiting.Queued queued => $"queued {queued.Reason}",
        Waiting.Backoff backoff => $"backoff {backoff.Attempt}",
        Waiting.Quarantined quarantined => $"quarantined {quarantined.Reason}",
        _ => "",
    };

    private static string Tell(HubEffect effect) => $"{effect.GetType().Name}{(effect is HubEffect.Probe { VisitUntil: not null } ? " with a visit" : "")} #{effect.Run.Value}";

    /// <summary>Whether an effect is about <c>sales</c>: the other app's runs are not told.</summary>
    private static bool IsOwn(DrivenHub hub, HubEffect effect) => hub.State.Owner(effect.Run)?.Key is not { } owner || owner == Key;
}
