using System.Runtime.Versioning;

namespace StreamHub.Tests.Faults;

/// <summary>A user who opens an app's page over and over: one request after the other, so that the order of the answers is that of the runs.</summary>
[SupportedOSPlatform("linux")]
internal sealed class Visitor(FaultHub hub, string slug) : IWorker
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        AppAnswer? last = null;
        var wasServed = false;
        while (!cancellationToken.IsCancellationRequested)
        {
            var answer = await hub.AskAsync(slug);
            if (answer is null != !wasServed)
            {
                wasServed = answer is not null;
                hub.History.Note($"visitor of {slug}", wasServed ? $"served by run {answer!.Run} ({answer.Pid})" : "not served");
            }

            if (answer is not null && last is not null && (answer.Run < last.Run || (answer.Run == last.Run && answer.Pid != last.Pid)))
            {
                hub.History.Violate("I2", $"visitor of {slug}", $"run {answer.Run} ({answer.Pid}) answered after run {last.Run} ({last.Pid})");
            }

            last = answer ?? last;
            await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        // It has nothing of its own.
    }
}
