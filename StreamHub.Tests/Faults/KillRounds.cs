using System.Runtime.Versioning;

namespace StreamHub.Tests.Faults;

/// <summary>
/// Kills the hub at random moments between a run's record and its being ready, starts it again, and looks: every living
/// process of this data directory is of the one run that serves, and nobody else answers.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class KillRounds
{
    private const string Slug = "alpha";
    private const int Looks = 3;
    private static readonly TimeSpan Spawning = TimeSpan.FromMilliseconds(8);

    /// <summary>Plays so many rounds on one hub.</summary>
    /// <returns>How many times the hub was killed in which state of the run.</returns>
    /// <exception cref="FaultException">There was an orphan or a duplicate; the message holds the seed, the round and the history.</exception>
    public static async Task<IReadOnlyDictionary<string, int>> RunAsync(int seed, int rounds)
    {
        var (random, history, states) = (new Random(seed), new FaultHistory(), new SortedDictionary<string, int>(StringComparer.Ordinal));
        await using var hub = await FaultHub.StartAsync(history);

        // Each run leaves a daemon without session, parents and environment: an orphan that only its control group tells of.
        await hub.SetAsync(Slug, "habit", FaultCatalog.HasGroups ? "daemon" : "");
        var window = await StartTimeAsync(hub);
        for (var round = 1; round <= rounds; round++)
        {
            history.Note("kills", $"---- round {round}");
            try
            {
                // Half of them while the process is being started, which takes but a few milliseconds.
                var state = await RoundAsync(hub, random.NextDouble() * (random.Next(2) == 0 ? window : Spawning));
                states[state] = states.GetValueOrDefault(state) + 1;
            }
            catch (Exception exception) when (exception is FaultException or InvalidOperationException)
            {
                throw new FaultException($"Seed {seed}, round {round}: {exception.Message}\n{history.Tail(60)}\n{string.Join('\n', hub.Process.Output.Split('\n').TakeLast(40))}", exception);
            }
        }

        return states;
    }

    /// <summary>How long a start takes from its record to the first answer.</summary>
    private static async Task<TimeSpan> StartTimeAsync(FaultHub hub)
    {
        var start = await RecordedAsync(hub);
        await hub.ServedAsync(Slug);
        return TimeProvider.System.GetElapsedTime(start);
    }

    private static async Task<long> RecordedAsync(FaultHub hub)
    {
        var before = hub.LastRun();
        await hub.ActAsync(Slug, "start");
        while (hub.LastRun() == before || hub.RecordOf(hub.LastRun()) is null)
        {
            await Task.Yield();
        }

        return TimeProvider.System.GetTimestamp();
    }

    private static async Task<string> RoundAsync(FaultHub hub, TimeSpan after)
    {
        await hub.StopAsync(Slug);
        await RecordedAsync(hub);
        await Task.Delay(after, TimeProvider.System);
        await HubFaults.KillAsync(hub);
        var record = hub.RecordOf(hub.LastRun())!;
        var state = record["pid"] is null ? "recorded" : record["ready"]?.GetValue<bool>() == true ? "ready" : "started";
        hub.History.Note("kills", $"{after.TotalMilliseconds:F0} ms after its record, run {hub.LastRun()} was {state}");

        await HubFaults.StartAsync(hub);
        var serving = await hub.ServedAsync(Slug);
        await hub.UntilAsync(() => Task.FromResult(hub.Census.Living().Select(run => run.Key.Value).SequenceEqual([serving.Run])), $"run {serving.Run} is the only one that lives");
        hub.Require(hub.RecordOf(serving.Run)!["pid"]!.GetValue<int>() == serving.Pid, "the run that serves is the one that was recorded");
        for (var look = 0; look < Looks; look++)
        {
            hub.Require((await hub.ServedAsync(Slug)).Pid == serving.Pid, "one process answers");
        }

        return state;
    }
}
