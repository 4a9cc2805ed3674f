using System.Net;
using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Claim;
using StreamHub.Server.Configuration;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Admin;

/// <summary>The page of a one-time admin link: looking at it changes nothing, its button makes the address of the person who presses it an admin's.</summary>
public sealed class ClaimPageTests : IAsyncLifetime
{
    private const string Scanner = "127.0.0.5";
    private const string Person = "127.0.0.6";

    private FullHub hub = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => hub = await FullHub.StartAsync();

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_mail_scanner_that_opens_the_link_first_takes_nothing_from_the_person(string method)
    {
        var link = await NewLinkAsync();
        using var scanner = new PersonaClient(Scanner);
        using var person = new PersonaClient(Person);
        for (var i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), link);
            using var preview = await scanner.Http.SendAsync(request, Cancellation);
            preview.StatusCode.Should().Be(HttpStatusCode.OK);
            preview.Headers.Contains("Set-Cookie").Should().BeFalse();
        }

        hub.Get<ConfigurationStore>().Current.Users.Should().BeEmpty();
        using var pressed = await person.ClaimAsync(link);
        pressed.StatusCode.Should().Be(HttpStatusCode.SeeOther);
        hub.Get<ConfigurationStore>().Current.Users.Should().ContainSingle().Which.Addresses.Should().Equal(AddressRange.Parse(Person));
        (await PageAsync(person, new Uri(new Uri(link), pressed.Headers.Location!).AbsoluteUri)).Should().Match<(HttpStatusCode Status, string Body)>(
            page => page.Status == HttpStatusCode.OK && page.Body.Contains("You are an admin") && page.Body.Contains(Person));
        (await person.Http.GetAsync(new Uri(hub.Admin, "/api/v1/users"), Cancellation)).StatusCode.Should().Be(HttpStatusCode.OK);
        (await PageAsync(scanner, link)).Should().Match<(HttpStatusCode Status, string Body)>(page => page.Status == HttpStatusCode.Forbidden && page.Body.Contains("used before"));
        (await DemoVisit.ClaimAsync(scanner, link)).Should().Be(HttpStatusCode.Forbidden, "a link works once");
    }

    [Theory]
    [InlineData("en", "This address becomes an admin")]
    [InlineData("ko", "관리자의 주소가 됩니다")]
    public async Task The_page_shows_in_both_languages_which_address_becomes_an_admins(string language, string text)
    {
        using var person = new PersonaClient(Person);
        var (status, page) = await PageAsync(person, await NewLinkAsync(), language);
        status.Should().Be(HttpStatusCode.OK);
        page.Should().Contain(text).And.Contain($"<code>{Person}</code>").And.Contain("action=\"/claim\"").And.Contain("/_hub/assets/user.css");
    }

    [Fact]
    public async Task The_page_says_what_is_wrong_with_a_link()
    {
        using var person = new PersonaClient(Person);
        (await PageAsync(person, $"{hub.Admin}claim?token=guess")).Should().Match<(HttpStatusCode Status, string Body)>(page => page.Status == HttpStatusCode.Forbidden && page.Body.Contains("This link is unknown"));
        (await PageAsync(person, $"{hub.Admin}claim")).Status.Should().Be(HttpStatusCode.Forbidden);
        using var guessed = await person.ClaimAsync($"{hub.Admin}claim?token=guess");
        guessed.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await guessed.Content.ReadAsStringAsync(Cancellation)).Should().Contain("StreamHub.Server link");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("http://evil.example")]
    public async Task A_page_of_elsewhere_presses_no_button(string? origin)
    {
        var link = new Uri(await NewLinkAsync());
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(link, "/claim")) { Content = new FormUrlEncodedContent([new("token", link.Query.Split("token=")[1])]) };
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var answer = await client.SendAsync(request, Cancellation);
        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        hub.Get<ConfigurationStore>().Current.Users.Should().BeEmpty();
    }

    private async Task<string> NewLinkAsync() => ClaimTokens.Link($"{hub.Admin}".TrimEnd('/'), await hub.Get<ClaimTokens>().CreateAsync(Actor.Console, Cancellation));

    private static async Task<(HttpStatusCode Status, string Body)> PageAsync(PersonaClient persona, string link, string language = "en")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, link);
        request.Headers.AcceptLanguage.ParseAdd(language);
        request.Headers.Accept.ParseAdd("text/html");
        using var answer = await persona.Http.SendAsync(request, Cancellation);
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancellation)));
    }
}
