using StreamHub.Server.Audit;
using StreamHub.Server.Cli;
using StreamHub.Server.Data;
using StreamHub.Server.Entries;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Server.Data;

/// <summary>Who is told of a new configuration.</summary>
public sealed class ConfigurationChangeTests
{
    [Fact]
    public async Task A_subscriber_that_fails_is_no_unreadable_database_and_keeps_the_news_from_nobody()
    {
        await using var hub = await TestHub.StartAsync();
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Store.Changed += static () => throw new InvalidOperationException("a page that is gone");
        hub.Store.Changed += () =>
        {
            if (hub.Store.Current.Users.Length == 1)
            {
                told.TrySetResult();
            }
        };

        // A commit of another process: the reload of the hub itself meets it.
        var file = Path.Combine(hub.Settings.DataDirectory, "hub.json");
        await File.WriteAllTextAsync(file, """{ "users": [ { "name": "kim", "addresses": ["127.0.0.7"] } ] }""");
        var command = new HubCommand(_ => Task.FromResult(0), _ => Task.FromResult(0), _ => Task.FromResult(0), _ => hub.Settings, TextWriter.Null, TextWriter.Null);
        (await command.InvokeAsync(["apply", file])).Should().Be(0);
        await told.Task;
        hub.Get<DatabaseHealth>().Reading.Should().BeNull();

        // And one that the hub makes: it succeeds.
        var saved = await hub.Editor.SaveUserAsync(new UserEntry { Name = "lee", Addresses = ["127.0.0.8"] }, null, new Actor("test", null), CancellationToken.None);
        saved.Errors.Should().BeEmpty();
        (await hub.AskAsync("/who", "127.0.0.8")).Body.Should().Be("lee");
    }
}
