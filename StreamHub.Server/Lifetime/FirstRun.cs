using StreamHub.Domain.Access;
using StreamHub.Server.Claim;
using StreamHub.Server.Configuration;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;

namespace StreamHub.Server.Lifetime;

/// <summary>Says on the console where the hub is, and as long as it has no admin, how to become the first.</summary>
internal sealed class FirstRun(
    BoundListeners listeners, ConfigurationStore store, ClaimTokens tokens, OwnHostNames hosts) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        var hasAdmin = store.Current.Users.Any(user => user.Role == Role.Admin);
        var adminBases = AdminLink.BaseAddresses(listeners.Admin, hosts);
        var usersBases = AdminLink.BaseAddresses(listeners.Users, hosts);
        var adminAddress = hasAdmin
            ? adminBases[0] + "/"
            : AdminLink.Claim(adminBases[0], await tokens.CreateAsync(Actor.Setup, cancellationToken)) + "  (opens once, makes your address the first admin)";

        // Plainly on the console: the link must not go to log files.
        await Console.Out.WriteLineAsync($"StreamHub is ready.  Users: {usersBases[^1]}/   Admin: {adminAddress}".AsMemory(), cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
