using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using StreamHub.Domain.Access;
using StreamHub.Server.Access;
using StreamHub.Server.Data;

namespace StreamHub.Server.Admin;

/// <summary>Says on the console where the hub is, and as long as it has no admin, how to become the first.</summary>
internal sealed partial class FirstRun(
    IServer server, ConfigurationStore store, ClaimTokens tokens, OwnHosts hosts, ILogger<FirstRun> logger) : IHostedLifecycleService
{
    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        // In the order in which the listeners were set up: users, admins.
        var bound = server.Features.Get<IServerAddressesFeature>()?.Addresses.ToArray() ?? [];
        if (bound.Length < 2 || EndPoint(bound[0]) is not { } users || EndPoint(bound[1]) is not { } admin)
        {
            Log.NoAddresses(logger, bound.Length);
            return;
        }

        var hasAdmin = store.Current.Users.Any(user => user.Role == Role.Admin);
        var adminBases = AdminLink.BaseAddresses(admin, hosts);
        var usersBases = AdminLink.BaseAddresses(users, hosts);
        var adminAddress = hasAdmin
            ? adminBases[0] + "/"
            : AdminLink.Claim(adminBases[0], await tokens.CreateAsync(cancellationToken)) + "  (opens once, makes your address the first admin)";

        // Plainly on the console: the link must not go to log files.
        await Console.Out.WriteLineAsync($"StreamHub is ready.  Users: {usersBases[^1]}/   Admin: {adminAddress}".AsMemory(), cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IPEndPoint? EndPoint(string address)
    {
        var parsed = BindingAddress.Parse(address);
        var host = parsed.Host switch { "localhost" => "127.0.0.1", "*" or "+" => "0.0.0.0", var other => other.Trim('[', ']') };
        return IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, parsed.Port) : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The server names {Count} addresses; the one for users and the one for admins were expected.")]
        public static partial void NoAddresses(ILogger logger, int count);
    }
}
