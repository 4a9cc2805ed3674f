using StreamHub.Server.Entries;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Access;

/// <summary>The same people at a hub without proxies and at one behind two of them; nobody changes anything there.</summary>
public sealed class GateHub : IAsyncLifetime
{
    internal static readonly UserEntry[] People =
    [
        new() { Name = "boss", Role = "admin", Addresses = ["127.0.0.2"] },
        new() { Name = "kim", Addresses = ["127.0.0.7", "127.7.0.0/16", "2001:db8::/32"], AllowWide = true },
        new() { Name = "old", Addresses = ["127.0.0.8"], Expires = DateTimeOffset.UnixEpoch },
        new() { Name = "proxied", Addresses = ["10.0.0.5"] },
    ];

    internal TestHub Plain { get; private set; } = null!;

    internal TestHub BehindProxies { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Plain = await TestHub.StartAsync(null, People);
        BehindProxies = await TestHub.StartAsync(TestHub.NewSettings("127.0.0.1", "192.0.2.1"), People);
    }

    public async ValueTask DisposeAsync()
    {
        await BehindProxies.DisposeAsync();
        await Plain.DisposeAsync();
    }
}
