using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Telemetry;

/// <summary>Once a second: reads the machine and every process tree, and publishes a snapshot.</summary>
internal sealed partial class Sampler(
    Supervisor supervisor,
    RunUses uses,
    IProcessHost host,
    RunReadings readings,
    RunReports reports,
    StartFaults faults,
    MemoryGauge memory,
    LiveFeed feed,
    SteadyClock clock,
    ILogger<Sampler> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly int Cores = Environment.ProcessorCount;

    private Dictionary<RunId, TimeSpan> cpuTimes = [];
    private HostReading? hostReading;
    private DateTimeOffset readAt;
    private long sequence;
    private bool isFailing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.TimeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                feed.Publish(Sample());
                isFailing = false;
            }
            catch (Exception exception)
            {
                // Apps run without metrics, too: a system without these counters must not stop the hub.
                if (!isFailing)
                {
                    Log.Failed(logger, exception);
                }

                isFailing = true;
            }
        }
    }

    private HubSnapshot Sample()
    {
        var state = supervisor.State;
        var now = clock.Now;
        var elapsed = hostReading is null ? TimeSpan.Zero : now - readAt;
        var machine = host.ReadHost();
        var trees = host.ReadTrees(supervisor.Processes);
        memory.Set(now, machine.MemoryTotal - machine.MemoryUsed, state.Runs
            .Where(owned => trees.ContainsKey(owned.Run.Id)).Select(owned => (owned.Instance.Key.App, owned.Run.Id, trees[owned.Run.Id].Memory)));
        var rows = state.Instances.Values.Select(instance => Row(instance, trees, elapsed)).ToArray();
        readings.Prune();
        var sample = new HostSample(CpuMeter.Percent(CpuMeter.HostShare(hostReading ?? machine, machine)), machine.MemoryUsed, machine.MemoryTotal);
        cpuTimes = trees.ToDictionary(tree => tree.Key, tree => tree.Value.CpuTime);
        hostReading = machine;
        readAt = now;
        return new HubSnapshot(++sequence, clock.OnWall(now), sample, rows);
    }

    private InstanceSample Row(Instance instance, IReadOnlyDictionary<RunId, TreeReading> trees, TimeSpan elapsed)
    {
        var (cpu, memory, sessions) = (0.0, 0L, 0);
        foreach (var run in instance.Runs)
        {
            var use = uses.Find(run.Id);
            sessions += run.HadSession ? run.Sessions : use?.People().Count ?? 0;
            if (trees.TryGetValue(run.Id, out var tree))
            {
                memory += tree.Memory;
                var before = cpuTimes.GetValueOrDefault(run.Id, tree.CpuTime);
                var computes = Idleness.IsComputing(tree.CpuTime - before, elapsed);
                readings.Add(run.Id, tree.Memory, run.Sessions, computes);
                cpu += CpuMeter.TreeShare(before, tree.CpuTime, elapsed, Cores);

                // CPU time of an automatic rerun is not use.
                if (computes && use?.WasUnattended(readAt) != true)
                {
                    supervisor.Post(new HubEvent.Used(run.Id, IsPerson: false));
                }
            }
        }

        var limit = instance.App.Memory.Hard ?? instance.App.Memory.Soft;
        var present = instance.ReadyRun ?? instance.Runs.LastOrDefault();
        var report = present is null ? null : reports.Of(present.Id);
        return new InstanceSample(
            instance.Key.ToString(),
            instance.Key.App.ToString(),
            instance.App.Name,
            instance.Key.User?.ToString(),
            instance.Status,
            Environment.MachineName,
            CpuMeter.Percent(cpu),
            memory,
            sessions,
            present is null ? null : clock.OnWall(present.Created),
            instance.Restarts,
            present?.Process?.Identity.Pid,
            present?.Process?.Endpoint.Port,
            instance.Waiting is Waiting.Backoff backoff ? clock.OnWall(backoff.Until) : null,
            instance.LastFailure?.ErrorLine ?? (report?.Errors is { Recent: > 0 } errors ? errors.Last : null),
            limit,
            limit is { } most && instance.ReadyRun is { } ready && readings.Full(ready.Id, most) is { } full ? clock.OnWall(full) : null)
        {
            Exit = instance.LastFailure is { } failed ? ExitReading.Of(failed.Outcome, failed.ErrorLine).Meaning : null,
            Fault = faults.Of(instance),
            Code = report?.Code,
            EnvironmentChanged = report?.EnvironmentChanged,
            Errors = report?.Errors,
            Unhooked = report is { Unhooked: { Count: > 0 } unhooked } ? string.Join(' ', unhooked) : null,
            Hang = instance.ReadyRun?.Hang is { } hang
                ? hang with { Since = clock.OnWall(hang.Since), Ends = hang.Ends is { } ends && instance.App.Hung is HungPolicy.Restart ? clock.OnWall(ends) : null }
                : null,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(1511, LogLevel.Warning, "The metrics of the machine and its processes could not be read; retrying each second")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
