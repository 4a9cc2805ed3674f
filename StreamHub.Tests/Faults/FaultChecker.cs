using System.Globalization;
using System.Runtime.Versioning;
using StreamHub.Domain.Runs;

namespace StreamHub.Tests.Faults;

/// <summary>Holds the hub to its promises.</summary>
[SupportedOSPlatform("linux")]
internal sealed class FaultChecker(FaultHub hub, Editor editor, IReadOnlyList<SessionHolder> sessions)
{
    // Connections that are being closed, a pool that keeps some, a thread that has not ended yet.
    private const int MoreDescriptors = 40;
    private const int MoreThreads = 30;
    private const long MoreMemory = 300L << 20;

    private (int Descriptors, int Threads, long Memory) before;

    /// <summary>Starts everything and looks what the hub takes then.</summary>
    public async Task BaseAsync()
    {
        await SettleAsync();
        before = Taken();
        hub.History.Note("checker", $"the hub takes {before}");
    }

    /// <summary>Waits until all is calm after a fault, and looks.</summary>
    public async Task CheckAsync()
    {
        await SettleAsync();
        await editor.CheckAsync();
        await Task.WhenAll(sessions.Select(session => session.EndsAsync()));
        hub.Require(hub.History.Violations.Count == 0, string.Join("; ", hub.History.Violations));
    }

    /// <summary>Waits until the hub takes no more than in the beginning. Nobody works any more.</summary>
    public async Task ReturnAsync()
    {
        await SettleAsync();
        await hub.UntilAsync(
            () => Task.FromResult(Taken() is var now && now.Descriptors <= before.Descriptors + MoreDescriptors && now.Threads <= before.Threads + MoreThreads && now.Memory <= before.Memory + MoreMemory),
            $"the hub takes no more than before, {before}; it takes {Taken()}");
        hub.History.Note("checker", $"the hub takes {Taken()}");
        hub.Require(hub.History.Violations.Count == 0, string.Join("; ", hub.History.Violations));
    }

    /// <summary>Every app serves, by one run of one process, and there is nothing else.</summary>
    private async Task SettleAsync()
    {
        var serving = new Dictionary<string, AppAnswer>(StringComparer.Ordinal);
        foreach (var slug in hub.Slugs)
        {
            if (await hub.StatusAsync(slug) is "quarantined" or "held")
            {
                await hub.ActAsync(slug, "start");
            }

            serving[slug] = await hub.ServedAsync(slug);
        }

        var seen = "";
        await hub.UntilAsync(
            async () =>
            {
                foreach (var slug in hub.Slugs)
                {
                    serving[slug] = await hub.ServedAsync(slug);
                }

                var living = hub.Census.Living();
                seen = string.Join("; ", living.Select(run => $"run {run.Key}: {string.Join(", ", run)}"));
                return living.Count == serving.Count
                    && serving.Values.All(app => living[new RunId(app.Run)].SequenceEqual([app.Pid]))
                    && hub.Census.Groups().Count is var groups && (groups == 0 || groups == serving.Count);
            },
            "each app is served by one run of one process and nothing else lives");
        hub.History.Note("checker", $"calm: {seen}");
    }

    private (int Descriptors, int Threads, long Memory) Taken()
    {
        var folder = $"/proc/{hub.Process.Pid}";
        var status = File.ReadLines($"{folder}/status").Select(line => line.Split([':', '\t', ' '], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words[0] is "Threads" or "VmRSS").ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture));
        return (Directory.GetFiles($"{folder}/fd").Length, (int)status["Threads"], status["VmRSS"] << 10);
    }
}
