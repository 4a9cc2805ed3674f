using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace StreamHub.Tests.Faults;

/// <summary>
/// One hub, people who work with it, and a few faults: after each one everything has to be as promised. I1: nobody who is
/// not registered succeeds. I2: an app is served by one run, a session answered by one process. I3: what was acknowledged
/// is there. I4: descriptors, threads, memory and processes go back to where they were.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class FaultSchedule
{
    private const int HistoryLines = 120;
    private static readonly TimeSpan MaxFault = TimeSpan.FromMinutes(3);

    /// <summary>Plays faults one after the other.</summary>
    /// <returns>The seed and the faults, as the command takes them to play them again.</returns>
    /// <exception cref="FaultException">Something was not as promised; the message holds seed, faults and history.</exception>
    public static async Task<string> RunAsync(int seed, IReadOnlyList<Fault> faults)
    {
        var (history, watch) = (new FaultHistory(), Stopwatch.StartNew());
        var played = $"Seed {seed}: --only {string.Join(',', faults.Select(fault => fault.Id))}";
        try
        {
            await PlayAsync(faults, new Random(seed), history).WaitAsync(MaxFault * faults.Count, TimeProvider.System);
            return string.Create(CultureInfo.InvariantCulture, $"{played}: passed in {watch.Elapsed.TotalSeconds:F1} s");
        }
        catch (Exception exception)
        {
            var why = exception is FaultException ? exception.Message : exception.ToString();
            throw new FaultException($"{played}: {why}\n{history.Tail(HistoryLines)}", exception);
        }
    }

    private static async Task PlayAsync(IReadOnlyList<Fault> faults, Random random, FaultHistory history)
    {
        await using var hub = await FaultHub.StartAsync(history);
        try
        {
            await PlayAsync(hub, faults, random);
        }
        catch
        {
            foreach (var line in hub.Process.Output.Split('\n').TakeLast(60))
            {
                history.Note("output", line);
            }

            throw;
        }
    }

    private static async Task PlayAsync(FaultHub hub, IReadOnlyList<Fault> faults, Random random)
    {
        using var editor = new Editor(hub, new Random(random.Next()));
        var sessions = hub.Slugs.ToDictionary(slug => slug, slug => new SessionHolder(hub, slug, FaultHub.UserAddress), StringComparer.Ordinal);
        IWorker[] workers = [new UnregisteredWorker(hub), editor, .. hub.Slugs.Select(slug => new Visitor(hub, slug)), .. sessions.Values];
        var checker = new FaultChecker(hub, editor, [.. sessions.Values]);
        await checker.BaseAsync();
        using var over = new CancellationTokenSource();
        var work = workers.Select(worker => worker.RunAsync(over.Token)).ToArray();
        try
        {
            var scene = new FaultScene(hub, random, sessions);
            await scene.AnsweredAsync();
            foreach (var fault in faults)
            {
                hub.History.Note("fault", $"---- {fault.Id}: {fault.Title}");
                await fault.InjectAsync(scene);
                await checker.CheckAsync();
                await scene.AnsweredAsync();
            }
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(work);
            foreach (var worker in workers)
            {
                worker.Dispose();
            }
        }

        await checker.ReturnAsync();
    }
}
