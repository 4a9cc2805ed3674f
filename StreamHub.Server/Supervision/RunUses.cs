using System.Collections.Concurrent;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Supervision;

/// <summary>
/// The use of each run: what people do in it, and what is under way for them. docs/apps.md has the rule (What counts as use); this is the only place
/// that reports it to the supervisor, except for computing, which is measured.
/// </summary>
internal sealed class RunUses : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<RunId, RunUse> runs = new();
    private readonly Supervisor supervisor;
    private readonly SteadyClock clock;
    private readonly ITimer timer;

    public RunUses(Supervisor supervisor, SteadyClock clock)
    {
        this.supervisor = supervisor;
        this.clock = clock;
        timer = clock.TimeProvider.CreateTimer(_ => Look(), null, Interval, Interval);
    }

    public RunUse Of(RunId run) => runs.GetOrAdd(run, static (run, uses) => new RunUse(uses.supervisor, uses.clock, run), this);

    /// <summary>The use of a run; null for none so far.</summary>
    public RunUse? Find(RunId run) => runs.GetValueOrDefault(run);

    public void Dispose() => timer.Dispose();

    private void Look()
    {
        var state = supervisor.State;
        foreach (var (run, use) in runs)
        {
            if (state.Owner(run) is null)
            {
                runs.TryRemove(run, out _);
            }
            else
            {
                use.Look();
            }
        }
    }
}
