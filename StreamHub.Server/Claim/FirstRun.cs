using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Claim;

/// <summary>Prints the hub's URLs to the console at the start, and a one-time admin link while the hub has no admin.</summary>
internal sealed class FirstRun(
    HubSettings settings, BoundListeners listeners, ConfigurationStore store, ClaimTokens tokens, OwnAddresses addresses) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var hasAdmin = store.Current.Users.Any(user => user.Role == Role.Admin);
        var admin = ListenerLinks.OnConsole(settings.PublicAdminUrl, listeners.Admin, addresses)[0];
        var users = settings.PublicUsersUrl?.Origin ?? ListenerLinks.OnConsole(null, listeners.Users, addresses)[^1];
        var adminAddress = hasAdmin
            ? admin + "/"
            : ClaimTokens.Link(admin, await tokens.CreateAsync(Actor.Setup, cancellationToken)) + "  (opens once, makes your address the first admin)";

        // Directly to the console: the link must not enter log files.
        await Console.Out.WriteLineAsync($"StreamHub is ready.  Users: {users}/   Admin: {adminAddress}".AsMemory(), cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
