using System.Net.WebSockets;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Entries;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>What is open when a right ends is closed with it, and nothing else is.</summary>
public sealed class RevocationTests : IAsyncLifetime
{
    private static readonly UserEntry Kim = new() { Name = "kim", Addresses = ["127.0.0.7", "127.0.0.17"], Apps = ["demo"] };
    private static readonly UserEntry Ann = new() { Name = "ann", Role = "admin", Addresses = ["127.0.0.3"] };

    private FullHub hub = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync();
        await hub.AddUserAsync("boss", "admin", "127.0.0.2");
        await hub.AddUserAsync("lee", "user", "127.0.0.8", "demo");
        await SaveAsync(Kim, null);
        await SaveAsync(Ann, null);
        await hub.RunAsync(new InstanceKey(AppSlug.Parse("demo")));
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    public static TheoryData<string> EndsOfKim => ["removed", "disabled", "expired", "outside hours", "address removed", "app removed", "app unassigned"];

    [Theory]
    [MemberData(nameof(EndsOfKim))]
    public async Task Users_sockets_are_cut_when_their_right_ends_and_other_peoples_are_not(string end)
    {
        using var app = await AppSockets.OpenAsync("127.0.0.7", hub.Users, "app/demo/live");
        using var status = await AppSockets.OpenAsync("127.0.0.7", hub.Users, "_hub/apps/demo/events");
        using var bystander = await AppSockets.OpenAsync("127.0.0.8", hub.Users, "app/demo/live");
        using var home = await AppSockets.OpenAsync("127.0.0.17", hub.Users, "app/demo/live");

        await (end switch
        {
            "removed" => hub.Editor.RemoveUserAsync("kim", FullHub.Actor, Cancellation),
            "disabled" => SaveAsync(Kim with { Disabled = true }, "kim"),
            "expired" => SaveAsync(Kim with { Expires = DateTimeOffset.UnixEpoch }, "kim"),
            "outside hours" => SaveAsync(Kim with { Hours = [$"{TimeProvider.System.GetUtcNow().AddDays(3):ddd} 12:00-12:01"] }, "kim"),
            "address removed" => SaveAsync(Kim with { Addresses = ["127.0.0.17"] }, "kim"),
            "app removed" => hub.Editor.RemoveAppAsync("demo", FullHub.Actor, Cancellation),
            _ => SaveAsync(Kim with { Apps = [] }, "kim"),
        });

        await EndsAsync(app);
        await EndsAsync(status);
        if (end is "address removed")
        {
            await AppSockets.GoesOnAsync(home);
        }
        else
        {
            await EndsAsync(home);
        }

        if (end is not "app removed")
        {
            await AppSockets.GoesOnAsync(bystander);
        }
    }

    [Fact]
    public async Task A_new_name_cuts_nothing()
    {
        using var app = await AppSockets.OpenAsync("127.0.0.7", hub.Users, "app/demo/live");
        using var live = await AppSockets.OpenAsync("127.0.0.3", hub.Admin, "hubs/live");
        using var ended = await AppSockets.OpenAsync("127.0.0.17", hub.Users, "app/demo/live");
        await SaveAsync(Kim with { Name = "Kim Min-su" }, "kim");
        await SaveAsync(Ann with { Name = "Anna" }, "ann");
        await SaveAsync(Kim with { Name = "Kim Min-su", Addresses = ["127.0.0.7"] }, "Kim Min-su");

        // What is cut is cut when this ends, so what goes on after it is not.
        await EndsAsync(ended);
        await AppSockets.GoesOnAsync(app);
        await live.SendAsync("""{"protocol":"json","version":1}"""u8.ToArray().Append((byte)0x1e).ToArray(), WebSocketMessageType.Text, true, Cancellation);
        await AppSockets.GoesOnAsync(live);
    }

    [Fact]
    public async Task Another_person_of_the_same_name_or_address_is_cut()
    {
        using var app = await AppSockets.OpenAsync("127.0.0.7", hub.Users, "app/demo/live");
        await SaveAsync(Kim with { Name = "old", Addresses = ["127.0.0.17"] }, "kim");
        await SaveAsync(Kim with { Addresses = ["127.0.0.7"] }, null);
        await EndsAsync(app);
    }

    [Theory]
    [InlineData("removed")]
    [InlineData("disabled")]
    [InlineData("no admin any more")]
    public async Task Admins_sockets_are_cut_when_their_right_ends(string end)
    {
        using var live = await AppSockets.OpenAsync("127.0.0.3", hub.Admin, "hubs/live");
        using var circuit = await AppSockets.OpenAsync("127.0.0.3", hub.Admin, "_blazor");
        using var bystander = await AppSockets.OpenAsync("127.0.0.2", hub.Admin, "hubs/live");
        await (end switch
        {
            "removed" => hub.Editor.RemoveUserAsync("ann", FullHub.Actor, Cancellation),
            "disabled" => SaveAsync(Ann with { Disabled = true }, "ann"),
            _ => SaveAsync(Ann with { Role = "user" }, "ann"),
        });

        await EndsAsync(live);
        await EndsAsync(circuit);
        await bystander.SendAsync("""{"protocol":"json","version":1}"""u8.ToArray().Append((byte)0x1e).ToArray(), WebSocketMessageType.Text, true, Cancellation);
        await AppSockets.GoesOnAsync(bystander);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private async Task<StreamHub.Server.Configuration.ChangeResult> SaveAsync(UserEntry entry, string? original)
    {
        var result = await hub.Editor.SaveUserAsync(entry, original, FullHub.Actor, Cancellation);
        result.Errors.Should().BeEmpty();
        return result;
    }

    private static Task EndsAsync(ClientWebSocket socket) => AppSockets.EndsAsync(socket, FullHub.Patience);
}
