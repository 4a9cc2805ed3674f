using System.Net.Http;
using System.Text;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Entries;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>Routes of an author beside a Streamlit page (<c>st.App</c>), with a real Streamlit.</summary>
public sealed class OwnRoutesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_answer_below_the_apps_address_also_a_program_that_wakes_the_app()
    {
        await using var hub = await FullHub.StartAsync(null, $"Python={await E2E.StreamlitPythonAsync()}");
        var script = Path.Combine(AppContext.BaseDirectory, "Server", "Apps", "routes", "app.py");
        (await hub.Editor.SaveAppAsync(new AppEntry { Slug = "shop", Name = "shop", Runtime = "streamlit", Script = script }, null, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
        await hub.AddUserAsync("kim", "user", "127.0.0.7", "shop");
        using var kim = new PersonaClient("127.0.0.7");
        using var order = new StringContent("seven apples", Encoding.UTF8, "text/plain");

        using var answer = await kim.Http.PostAsync(new Uri(hub.Users, "/app/shop/api/orders"), order, Cancellation);

        (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Be($$"""{"url":"{{hub.Users}}app/shop/api/orders","body":"seven apples"}""");
        (await kim.Http.GetStringAsync(new Uri(hub.Users, "/app/shop/inner/deep"), Cancellation)).Should().Be("deep");
        (await kim.Http.GetStringAsync(new Uri(hub.Users, "/app/shop/"), Cancellation)).Should().Contain("<div id=\"root\">");
        (await kim.Http.GetStringAsync(new Uri(hub.Users, "/app/shop/count"), Cancellation)).Should().Be("data: 0\n\ndata: 1\n\ndata: 2\n\n");
        foreach (var method in (string[])["PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(hub.Users, "/app/shop/method/"));
            using var told = await kim.Http.SendAsync(request, Cancellation);
            (await told.Content.ReadAsStringAsync(Cancellation)).Should().Be(method);
        }

        using var socket = await kim.ConnectAsync(
            new Uri($"ws://{hub.Users.Authority}/app/shop/live"), options => options.SetRequestHeader("Origin", hub.Users.GetLeftPart(UriPartial.Authority)), Cancellation);
        var buffer = new byte[16];
        var received = await socket.ReceiveAsync(buffer, Cancellation);
        Encoding.UTF8.GetString(buffer, 0, received.Count).Should().Be("live");
        hub.Supervisor.State.Find(new InstanceKey(AppSlug.Parse("shop")))!.Restarts.Should().Be(0);
    }
}
