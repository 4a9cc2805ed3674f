using System.Net;
using System.Net.Http;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>Addresses that an app's author wrote from the root; kim may open demo and other, and not foreign.</summary>
public sealed class RootLinkTests : IAsyncLifetime
{
    private static readonly (string Method, string Target, string Referer, string Expected)[] Links =
    [
        ("GET", "/second", "{hub}/app/demo/", "/app/demo/second"),
        ("HEAD", "/second?q=1&r=%2F", "{hub}/app/demo/first?x=/app/other/", "/app/demo/second?q=1&r=%2F"),
        ("GET", "/%EC%84%9C%EC%9A%B8/", "{hub}/app/other/", "/app/other/%EC%84%9C%EC%9A%B8/"),
        ("GET", "/app/static/a.png", "{hub}/app/demo/second", "/app/demo/app/static/a.png"),
        ("GET", "/app/Main.js", "{hub}/app/other/", "/app/other/app/Main.js"),
        ("GET", "/media/0a1b.png", "{hub}/app/demo/", "/app/demo/media/0a1b.png"),
        ("GET", "/favicon.ico", "{hub}/app/demo/", "/app/demo/favicon.ico"),
        ("GET", "/users", "{hub}/app/demo/", "/app/demo/users"),
        ("GET", "/api/v1/apps", "{hub}/app/demo/", "/app/demo/api/v1/apps"),
        ("GET", "/x", "{hub}/app/demo/a//b/..%2fc", "/app/demo/x"),
    ];

    private static readonly (string Method, string Target, string? Referer, HttpStatusCode Expected)[] Others =
    [
        ("GET", "/second", null, HttpStatusCode.NotFound),
        ("GET", "/second", "{hub}/", HttpStatusCode.NotFound),
        ("GET", "/second", "{hub}", HttpStatusCode.NotFound),
        ("GET", "/second", "{hub}/open/demo/", HttpStatusCode.NotFound),
        ("GET", "/second", "{hub}/app/foreign/", HttpStatusCode.NotFound),
        ("GET", "/second", "{hub}/app/unknown/", HttpStatusCode.NotFound),
        ("GET", "/second", "http://evil.example/app/demo/", HttpStatusCode.NotFound),
        ("GET", "/second", "{hub}.evil.example/app/demo/", HttpStatusCode.NotFound),
        ("GET", "/second", "/app/demo/", HttpStatusCode.NotFound),
        ("GET", "/second", "app", HttpStatusCode.NotFound),
        ("GET", "/second", "//", HttpStatusCode.NotFound),
        ("GET", "/second", "", HttpStatusCode.NotFound),
        ("POST", "/second", "{hub}/app/demo/", HttpStatusCode.NotFound),
        ("PUT", "/app/static/a.png", "{hub}/app/demo/", HttpStatusCode.Forbidden),
        ("GET", "/_hub/nothing", "{hub}/app/demo/", HttpStatusCode.NotFound),
        ("GET", "/open/unknown/", "{hub}/app/demo/", HttpStatusCode.Forbidden),
        ("GET", "/", "{hub}/app/demo/", HttpStatusCode.OK),
        ("GET", "/healthz", "{hub}/app/demo/", HttpStatusCode.OK),
        ("GET", "/app/foreign/x", "{hub}/app/demo/", HttpStatusCode.Forbidden),
        ("GET", "/app/unknown/x", "{hub}/app/demo/", HttpStatusCode.Forbidden),
        ("GET", "/app/static/a.png", null, HttpStatusCode.Forbidden),
        ("GET", "/a//b", "{hub}/app/demo/", HttpStatusCode.BadRequest),
    ];

    private ReadyApp hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => hub = await ReadyApp.StartAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task An_address_that_the_hub_does_not_have_leads_to_the_app_whose_page_asks_and_any_other_is_answered_as_ever()
    {
        foreach (var (method, target, referer, expected) in Links)
        {
            foreach (var accept in (string[])["text/html", "image/*"])
            {
                using var answer = await AskAsync(method, target, referer, accept);
                (target, answer.StatusCode, answer.Headers.Location?.OriginalString).Should().Be((target, HttpStatusCode.TemporaryRedirect, expected));
                answer.Headers.CacheControl!.NoStore.Should().BeTrue();
                answer.Headers.Vary.Should().Contain("Referer");
            }
        }

        foreach (var (method, target, referer, expected) in Others)
        {
            using var answer = await AskAsync(method, target, referer, "*/*");
            (target, referer, answer.StatusCode).Should().Be((target, referer, expected));
        }
    }

    private async Task<HttpResponseMessage> AskAsync(string method, string target, string? referer, string accept)
    {
        var origin = hub.Address.GetLeftPart(UriPartial.Authority);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(origin + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (method is not ("GET" or "HEAD"))
        {
            request.Headers.TryAddWithoutValidation("Origin", origin);
        }

        if (referer is not null)
        {
            request.Headers.TryAddWithoutValidation("Referer", referer.Replace("{hub}", origin, StringComparison.Ordinal));
        }

        return await hub.Client.SendAsync(request, Cancellation);
    }
}
