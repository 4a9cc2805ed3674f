using Microsoft.Playwright;
using StreamHub.Server.Lifetime;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The hub goes and comes back, and nobody in an app loses what they did.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class HubRestartTests(ITestOutputHelper output)
{
    private const int Sessions = 20;
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FreeStart = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    // How long a page's session was away each time, in milliseconds: from the end of its connection until the next one is open. An
    // attempt that fails closes, too. Streamlit's page says nothing when it is back, so only the page itself knows when that is.
    private const string WatchGaps = """
        window.gaps = [];
        let cut = null;
        window.WebSocket = class extends WebSocket {
          constructor(...how) {
            super(...how);
            if (!this.url.includes("/_stcore/stream")) return;
            this.addEventListener("open", () => { if (cut !== null) gaps.push(performance.now() - cut); cut = null; });
            this.addEventListener("close", () => cut ??= performance.now());
          }
        };
        """;

    [Fact]
    public async Task Twenty_sessions_and_a_tab_keep_their_exact_state_through_a_killed_hub_and_through_a_restart()
    {
        using var published = await PublishedHub.PrepareAsync();
        await using var sales = await SalesHub.StartAsync(published.Launch);
        using var kim = new PersonaClient("127.0.0.7");
        StreamlitVisitor[] visitors = [.. Enumerable.Range(0, Sessions).Select(_ => new StreamlitVisitor(kim, sales.Hub.UsersOrigin))];
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, app) = await sales.OpenAsKimAsync(WatchGaps);
            var add = app.GetByRole(AriaRole.Button, new() { Name = "Add one" });
            await add.ClickAsync();
            await Assertions.Expect(app.GetByText("Count is 1")).ToBeVisibleAsync();
            await Task.WhenAll(visitors.Select(async (visitor, number) =>
            {
                await visitor.OpenAsync();
                for (var press = 0; press < number; press++)
                {
                    await visitor.AddAsync();
                }
            }));
            visitors.Select(visitor => visitor.Count).Should().Equal(Enumerable.Range(0, Sessions));
            var pid = await PidAsync(sales);

            var killed = await ThroughAsync(async () =>
            {
                await sales.Hub.KillAsync();
                await sales.Hub.RestartAsync();
            });
            await StateIsKeptAsync("Killed", killed, 1);

            var restarted = await ThroughAsync(async () =>
            {
                var verb = sales.Hub.VerbAsync("restart");
                (await sales.Hub.WaitForExitAsync(Patience)).Should().Be(HubExit.RestartCode);
                await sales.Hub.RestartAsync();
                (await verb).Code.Should().Be(0);
            });
            await StateIsKeptAsync("Restarted", restarted, 2);
            Array.ForEach(visitors, visitor => visitor.Dispose());

            async Task StateIsKeptAsync(string what, TimeSpan sessions, int cuts)
            {
                await Assertions.Expect(app.GetByTestId("stConnectionStatus")).ToHaveCountAsync(0);
                double[] gaps = [];
                await Eventually.TrueAsync(async () => (gaps = await tab.Frames[1].EvaluateAsync<double[]>("gaps")).Length == cuts);
                var away = TimeSpan.FromMilliseconds(gaps[^1]);

                // What a start takes longer because others have the processors is not the hub's.
                var start = sales.Hub.StartTook;
                var limit = LongestGap + (start > FreeStart ? start - FreeStart : TimeSpan.Zero);
                output.WriteLine(FormattableString.Invariant(
                    $"{what}: {sessions.TotalSeconds:F2} s the longest of {Sessions} sessions, {away.TotalSeconds:F2} s the tab; the hub's start {start.TotalSeconds:F2} s, the limit {limit.TotalSeconds:F2} s"));

                await Task.WhenAll(visitors.Select(visitor => visitor.AddAsync()));
                visitors.Select(visitor => visitor.Count).Should().Equal(Enumerable.Range(cuts, Sessions));
                (await PidAsync(sales)).Should().Be(pid);
                await add.ClickAsync();
                await Assertions.Expect(app.GetByText($"Count is {cuts + 1}")).ToBeVisibleAsync();
                sessions.Should().BeLessThan(limit);
                away.Should().BeLessThan(limit);
            }
        });

        async Task<TimeSpan> ThroughAsync(Func<Task> cut)
        {
            var back = visitors.Select(visitor => visitor.ResumeAsync()).ToArray();
            await cut();
            return (await Task.WhenAll(back)).Max();
        }
    }

    private static async Task<int> PidAsync(SalesHub sales)
    {
        await sales.UntilAsync("sales", row => row.GetProperty("status").GetString() == "running");
        return (await sales.InstanceAsync("sales")).GetProperty("pid").GetInt32();
    }
}
