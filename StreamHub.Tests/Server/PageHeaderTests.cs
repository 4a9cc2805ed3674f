using System.Net;
using System.Net.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server;

public sealed class PageHeaderTests
{
    [Theory]
    [InlineData(Listener.Users, "/", HttpStatusCode.OK, "frame-ancestors 'self'")]
    [InlineData(Listener.Users, "/nothing/here", HttpStatusCode.NotFound, "frame-ancestors 'self'")]
    [InlineData(Listener.Users, "/users", HttpStatusCode.NotFound, "frame-ancestors 'self'")]
    [InlineData(Listener.Admin, "/", HttpStatusCode.OK, "frame-ancestors 'none'")]
    [InlineData(Listener.Admin, "/users", HttpStatusCode.OK, "frame-ancestors 'none'")]
    public async Task Every_page_of_the_hub_says_what_it_may_load_and_who_may_frame_it(Listener listener, string path, HttpStatusCode status, string framed)
    {
        await using var hub = await FullHub.StartAsync();
        await hub.AddUserAsync("root", "admin", "127.0.0.1");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(listener == Listener.Users ? hub.Users : hub.Admin, path));
        request.Headers.Accept.ParseAdd("text/html");

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

        answer.StatusCode.Should().Be(status);
        answer.Headers.GetValues("Content-Security-Policy").Should().ContainSingle().Which.Should().Contain("default-src 'self'").And.Contain(framed);
        answer.Headers.GetValues("X-Content-Type-Options").Should().Equal("nosniff");
        answer.Headers.GetValues("Referrer-Policy").Should().Equal("same-origin");
    }

    [Fact]
    public async Task A_program_gets_a_line_and_no_page_where_there_is_nothing()
    {
        await using var hub = await FullHub.StartAsync();
        await hub.AddUserAsync("root", "admin", "127.0.0.1");
        using var client = new HttpClient();

        using var answer = await client.GetAsync(new Uri(hub.Users, "/nothing"), TestContext.Current.CancellationToken);

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.Should().Be("text/plain");
    }
}
