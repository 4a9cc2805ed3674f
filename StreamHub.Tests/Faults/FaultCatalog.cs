using System.Runtime.Versioning;
using StreamHub.Server.Processes.Linux;

namespace StreamHub.Tests.Faults;

/// <summary>The faults of the schedules, and why others are not among them.</summary>
[SupportedOSPlatform("linux")]
internal static class FaultCatalog
{
    private static readonly Fault[] Everywhere =
    [
        new("F1", "an app is killed", AppFaults.KilledAsync),
        new("F2", "the hub is killed", HubFaults.KilledAsync),
        new("F3", "the hub is killed while an app starts", HubFaults.KilledWhileStartingAsync),
        new("F5", "an app stands still", AppFaults.StoppedAsync),
        new("F6", "the hub stands still", HubFaults.StoppedAsync),
        new("F7", "an app ends as soon as it starts", AppFaults.LoopAsync),
        new("F8", "an app ignores the request to end", AppFaults.DeafAsync),
        new("F11", "an app's process id belongs to a stranger", HubFaults.ReusedIdAsync),
        new("F15", "an app prints as fast as it can", AppFaults.ShoutAsync),
        new("F16", "an app prints while there is no hub", HubFaults.NoReaderAsync),
        new("F17", "a script is blocked, its health is fine", AppFaults.BlockedAsync),
        new("F18", "there is no port", AppFaults.NoPortsAsync),
        new("F20", "the hub has no descriptors left", LoadFaults.NoDescriptorsAsync),
        new("F34", "an app gets a new version while people work", LoadFaults.NewVersionAsync),
        new("F35", "the new version never becomes ready", LoadFaults.BrokenVersionAsync),
        new("F36", "the hub is replaced while people work", HubFaults.UpgradedAsync),
        new("F37", "a crowd comes back at once", LoadFaults.CrowdAsync),
        new("F38", "many apps are wanted at once", LoadFaults.ColdStartsAsync),
        new("F39a", "a circuit and the live feed get nonsense", LoadFaults.NonsenseAsync),
        new("F39b", "a service within the hub fails", LoadFaults.BrokenServiceAsync),
        new("F43", "the hub gets signals at any moment", HubFaults.SignalledAsync),
        new("F44", "a second hub starts on the same data", HubFaults.SecondAsync),
    ];

    private static readonly Fault[] WithGroups =
    [
        new("F9", "an app leaves daemons", AppFaults.DaemonsAsync),
        new("F10", "an app is a fork bomb", AppFaults.BombAsync),
    ];

    /// <summary>The faults that can be had on this machine.</summary>
    public static IReadOnlyList<Fault> All { get; } = HasGroups ? [.. Everywhere, .. WithGroups] : Everywhere;

    /// <summary>What is left out here, each with its reason.</summary>
    public static IReadOnlyList<string> LeftOut { get; } =
    [
        "F4 (the keeper is killed): there is no keeper; apps are detached from the hub, which watches them itself.",
        "F11 with an id that the kernel gave again: the record of the run is given a stranger's id instead; what the hub sees is the same.",
        "F39 by an error inside a component: the hub has no page that fails on purpose; nonsense is sent to its sockets instead.",
        .. HasGroups ? (string[])[] : ["F9 and F10: this account may make no control groups here, and without them a process that left everything behind is not found."],
    ];

    /// <summary>Whether runs have control groups here.</summary>
    public static bool HasGroups => ControlGroups.Open(out _) is not null;

    /// <summary>All faults in an order of the seed's, dealt out to so many schedules.</summary>
    public static IReadOnlyList<IReadOnlyList<Fault>> Deal(int seed, int schedules)
    {
        var all = All.ToArray();
        new Random(seed).Shuffle(all);
        return [.. Enumerable.Range(0, schedules).Select(number => all.Where((_, index) => index % schedules == number).ToArray())];
    }
}
