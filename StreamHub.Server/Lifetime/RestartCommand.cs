using System.CommandLine;
using StreamHub.Server.Data;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Lifetime;

/// <summary><c>restart</c>: the running hub exits with a code that makes its service manager restart it, and leaves its apps running.</summary>
internal sealed class RestartCommand(Func<HubSettings> readSettings, TextWriter output, TextWriter error)
{
    private static readonly TimeSpan EndPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public Command Build()
    {
        var command = new Command("restart", "Restarts the running hub; apps and their sessions continue.");
        command.SetAction((_, ct) => RunAsync(ct));
        return command;
    }

    private async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var directory = readSettings().DataDirectory;
        if (!Directory.Exists(directory) || IsFree(directory))
        {
            await error.WriteLineAsync($"No hub runs on the data directory {directory}: nothing to restart.");
            return 1;
        }

        await File.WriteAllTextAsync(RestartRequests.FileIn(directory), "", cancellationToken);
        if (!await WaitAsync(() => IsFree(directory), EndPatience, cancellationToken))
        {
            await error.WriteLineAsync($"The hub has not ended within {EndPatience.TotalSeconds} s; see its log.");
            return 1;
        }

        if (!await WaitAsync(() => !IsFree(directory), StartPatience, cancellationToken))
        {
            await error.WriteLineAsync("The hub has stopped and was not started again; its apps are still running. Start it now.");
            return 1;
        }

        await output.WriteLineAsync("The hub was restarted.");
        return 0;
    }

    private static bool IsFree(string directory)
    {
        using var taken = DataDirectoryLock.TryTake(directory);
        return taken is not null;
    }

    private static async Task<bool> WaitAsync(Func<bool> condition, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        var start = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(start) < patience)
        {
            if (condition())
            {
                return true;
            }

            await timer.WaitForNextTickAsync(cancellationToken);
        }

        return false;
    }
}
