using System.Net;
using System.Net.Http;
using Microsoft.AspNetCore.Http;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>Who has left the frame to log in elsewhere comes back into it; everything else of an app is passed on as it is.</summary>
public sealed class FrameReturnTests : IAsyncLifetime
{
    private const string Left = ".StreamHub.Frame=1";
    private const string Page = "text/html; charset=utf-8";

    private ReadyApp hub = null!;
    private RecordingBackend backend = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hub = await ReadyApp.StartAsync();
        backend = await RecordingBackend.StartAsync();
        await hub.ReadyAsync(backend);
        await hub.ReadyAsync(backend, "other");
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task The_first_page_outside_of_the_frame_leads_into_it_and_opening_the_frame_ends_that()
    {
        backend.Answer = context => AnswerAsync(context, 200, Page);
        foreach (var rest in (string[])["demo/", "demo/second?code=7&state=%2f", "other/deep/?q=5"])
        {
            using var back = await AskAsync($"/app/{rest}", Left);
            back.StatusCode.Should().Be(HttpStatusCode.Found);
            back.Headers.Location.Should().Be($"/open/{rest}");
            back.Headers.CacheControl!.NoStore.Should().BeTrue("another visit may be one without the header");
            back.Headers.GetValues("Set-Cookie").Should().ContainSingle().Which.Should().StartWith("session=new", "the app's login is in it");
            (await back.Content.ReadAsStringAsync(Cancellation)).Should().BeEmpty();
            backend.Seen.TryDequeue(out var seen).Should().BeTrue();
            seen.Target.Should().Be($"/app/{rest}");

            using var opened = await AskAsync($"/open/{rest}", Left);
            opened.StatusCode.Should().Be(HttpStatusCode.OK);
            opened.Headers.GetValues("Set-Cookie").Should().Contain(cookie => cookie.StartsWith(".StreamHub.Frame=;") && cookie.Contains("expires=Thu, 01 Jan 1970") && cookie.Contains($"path=/app/{rest.Split('/')[0]}/"));
        }
    }

    [Fact]
    public async Task Everything_else_is_passed_on()
    {
        (string Method, int Status, string Type, string Cookie, string Destination, string Accept)[] requests =
        [
            ("GET", 200, Page, "", "document", "text/html"),
            ("GET", 200, Page, Left, "iframe", "text/html"),
            ("GET", 200, Page, Left, "document", "*/*"),
            ("POST", 200, Page, Left, "document", "text/html"),
            ("GET", 200, "application/json", Left, "document", "text/html"),
            ("GET", 302, Page, Left, "document", "text/html"),
            ("GET", 401, Page, Left, "document", "text/html"),
            ("GET", 500, Page, Left, "document", "text/html"),
        ];
        foreach (var (method, status, type, cookie, destination, accept) in requests)
        {
            backend.Answer = context => AnswerAsync(context, status, type);
            foreach (var slug in (string[])["demo", "other"])
            {
                using var answer = await AskAsync($"/app/{slug}/login", cookie, method, accept, destination);
                ((int)answer.StatusCode).Should().Be(status);
                answer.Headers.Location?.ToString().Should().Be("https://login.example/");
                (await answer.Content.ReadAsStringAsync(Cancellation)).Should().Be("page");
            }
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.Headers.ETag = "\"its-own\"";
        context.Response.Headers.SetCookie = "session=new";
        context.Response.Headers.Location = status == 302 ? "https://login.example/" : default(string);
        return context.Response.WriteAsync("page", Cancellation);
    }

    private async Task<HttpResponseMessage> AskAsync(string address, string cookie, string method = "GET", string accept = "text/html", string destination = "")
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(address, UriKind.Relative));
        foreach (var (name, value) in new[] { ("Cookie", cookie), ("Accept", accept), ("Sec-Fetch-Dest", destination) }.Where(header => header.Item2.Length > 0))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await hub.Client.SendAsync(request, Cancellation);
    }
}
