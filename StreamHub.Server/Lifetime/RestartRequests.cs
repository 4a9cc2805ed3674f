using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Lifetime;

/// <summary>
/// Restarts the hub on a request by the command line: a file in the data directory. Write access to that directory already
/// implies full control of the hub.
/// </summary>
internal sealed class RestartRequests(HubSettings settings, HubExit exit, ConfigurationEditor editor, TimeProvider timeProvider) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>The path of the request file.</summary>
    public static string FileIn(string dataDirectory) => Path.Combine(dataDirectory, "restart.request");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A leftover request is already fulfilled: this hub has just started.
        var file = FileIn(settings.DataDirectory);
        File.Delete(file);
        using var timer = new PeriodicTimer(Interval, timeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (File.Exists(file))
            {
                await editor.AuditAsync(Actor.Console, "hub.restart", "", null, null, stoppingToken);
                File.Delete(file);
                exit.Restart();
                return;
            }
        }
    }
}
