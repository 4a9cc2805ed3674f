using Microsoft.Playwright;
using StreamHub.Server.Lifetime;
using StreamHub.Tests.EndToEnd.Hubs;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The hub goes and comes back, and nobody in an app loses what they did. How long that takes is measured by bench/lifecycle.py.</summary>
public sealed class HubRestartTests
{
    private const int Sessions = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    // How often a page's session was away: from the end of its connection until the next one is open. An attempt that fails closes, too.
    // Streamlit's page says nothing when it is back, so only the page itself knows when that is.
    private const string CountReturns = """
        window.returns = 0;
        let cut = false;
        window.WebSocket = class extends WebSocket {
          constructor(...how) {
            super(...how);
            if (!this.url.includes("/_stcore/stream")) return;
            this.addEventListener("open", () => { if (cut) returns++; cut = false; });
            this.addEventListener("close", () => cut = true);
          }
        };
        """;

    [Fact]
    public async Task Every_session_and_a_tab_keep_their_exact_state_through_a_killed_hub_and_through_a_restart()
    {
        await using var sales = await SalesHub.StartAsync();
        using var kim = new PersonaClient("127.0.0.7");
        StreamlitVisitor[] visitors = [.. Enumerable.Range(0, Sessions).Select(_ => new StreamlitVisitor(kim, sales.Hub.UsersOrigin))];
        await sales.Browser.PlayAsync(async () =>
        {
            var (tab, app) = await sales.OpenAsync(sales.Kim, "sales", CountReturns);
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
            var pid = await sales.PidAsync("sales");

            await ThroughAsync(async () =>
            {
                await sales.Hub.KillAsync();
                await sales.Hub.RestartAsync();
            });
            await StateIsKeptAsync(1);

            await ThroughAsync(async () =>
            {
                var command = sales.Hub.CommandAsync("restart");
                (await sales.Hub.WaitForExitAsync(Patience)).Should().Be(HubExit.RestartCode);
                await sales.Hub.RestartAsync();
                (await command).Code.Should().Be(0);
            });
            await StateIsKeptAsync(2);
            Array.ForEach(visitors, visitor => visitor.Dispose());

            async Task StateIsKeptAsync(int cuts)
            {
                await Assertions.Expect(app.GetByTestId("stConnectionStatus")).ToHaveCountAsync(0);
                await Eventually.TrueAsync(async () => await tab.Frames[1].EvaluateAsync<int>("returns") == cuts, patience: Patience);
                await Task.WhenAll(visitors.Select(visitor => visitor.AddAsync()));
                visitors.Select(visitor => visitor.Count).Should().Equal(Enumerable.Range(cuts, Sessions));
                (await sales.PidAsync("sales")).Should().Be(pid);
                await add.ClickAsync();
                await Assertions.Expect(app.GetByText($"Count is {cuts + 1}")).ToBeVisibleAsync();
            }
        });

        async Task ThroughAsync(Func<Task> cut)
        {
            var back = visitors.Select(visitor => visitor.ResumeAsync()).ToArray();
            await cut();
            await Task.WhenAll(back);
        }
    }
}
