using System.Net;
using System.Net.Http;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>The web apps of docs/apps.md run as the page says.</summary>
public sealed partial class WebAppTests(WebAppFixture web) : IClassFixture<WebAppFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("files", "shiny_app.py")]
    [InlineData("dash", "_dash-config")]
    [InlineData("flask", " of kim")]
    [InlineData("fastapi", "\"user\":\"kim\"")]
    [InlineData("uvicorn", "home")]
    [InlineData("shiny", "shiny-text-output")]
    public async Task Its_page_and_every_file_that_the_page_names_is_served_below_the_apps_address(string slug, string content)
    {
        await web.RunAsync(slug);
        var page = await GetAsync($"/app/{slug}/", HttpStatusCode.OK);
        page.Should().Contain(content);
        foreach (var address in Reference().Matches(page).Select(match => new Uri(new Uri(web.Hub.Users, $"/app/{slug}/"), WebUtility.HtmlDecode(match.Groups[1].Value))).Distinct())
        {
            address.AbsolutePath.Should().StartWith($"/app/{slug}/");
            await GetAsync(address.PathAndQuery, HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("files", "dash_app.py", "dash_app.py/", "%64ash_app.py")]
    [InlineData("dash", "_dash-layout", "_dash-dependencies", "_favicon.ico")]
    [InlineData("flask", "old", "style.css", "old/")]
    [InlineData("fastapi", "docs", "openapi.json", "orders", "orders/")]
    [InlineData("uvicorn", "other", "other/")]
    [InlineData("shiny", "lib/")]
    public async Task Its_clients_see_what_they_see_at_its_own_port(string slug, params string[] paths)
    {
        var instance = await web.RunAsync(slug);
        var hub = web.Hub.Users;
        string[] identity =
        [
            "X-StreamHub-User: kim", "X-StreamHub-Role: user", "X-Forwarded-For: 127.0.0.7", "X-Forwarded-Proto: http", $"X-Forwarded-Host: {hub.Authority}", .. slug == "dash" ? Array.Empty<string>() : [$"X-Forwarded-Prefix: /app/{slug}"],
        ];
        var differences = new HttpDifferences();
        foreach (var test in HttpCase.OfWebApps(paths))
        {
            var direct = await AskAsync(test with { Lines = [.. test.Lines ?? [], .. identity] }, instance.ReadyRun!.Process!.Endpoint.Port, slug == "dash" ? "/app/dash/" : "/");
            differences.Add($"{slug}, {test.Name}", HttpDifferences.Between("response", direct, await AskAsync(test, hub.Port, $"/app/{slug}/")));
        }

        Assert.True(differences.Wrong.Length == 0, differences.Wrong);

        async Task<RawMessage> AskAsync(HttpCase test, int port, string path)
        {
            var answer = await RawClient.SendAsync("127.0.0.7", port, Encoding.Latin1.GetBytes(test.Request(path, hub.Authority)));
            answer.Status.Should().BePositive(test.Name);

            return RawMessage.Answer(Chance().Replace($"{answer.Head}\r\n\r\n{answer.Body}", ""), hasBody: test.Method != "HEAD");
        }
    }

    [Fact]
    public async Task A_folder_without_its_slash_is_found()
    {
        await web.RunAsync("files");
        Directory.CreateDirectory(Path.Combine(web.Folder, "inner folder"));
        using var answer = await AskAsync(HttpMethod.Get, "/app/files/inner%20folder");
        new Uri(new Uri(web.Hub.Users, "/app/files/inner%20folder"), answer.Headers.Location!).PathAndQuery.Should().Be("/app/files/inner%20folder/");
        await GetAsync("/app/files/inner%20folder/", HttpStatusCode.OK);
        (await GetAsync("/app/files/dash_app.py", HttpStatusCode.OK)).Should().Contain("Dash(__name__)");
    }

    [Fact]
    public async Task Dash_calls_back()
    {
        await web.RunAsync("dash");
        (await GetAsync("/app/dash/_dash-dependencies", HttpStatusCode.OK)).Should().Contain("greeting.children");
        (await PostAsync("/app/dash/_dash-update-component", """
            {"output": "greeting.children", "outputs": {"id": "greeting", "property": "children"}, "inputs": [{"id": "name", "property": "value", "value": "lee"}], "changedPropIds": ["name.value"], "state": []}
            """)).Should().Contain("Hello lee");
    }

    [Fact]
    public async Task Flask_redirects_and_keeps_its_session_within_the_app()
    {
        await web.RunAsync("flask");
        using var old = await AskAsync(HttpMethod.Get, "/app/flask/old");
        old.Headers.Location!.OriginalString.Should().Be("/app/flask/");
        using var home = await AskAsync(HttpMethod.Get, "/app/flask/");
        home.Headers.GetValues("Set-Cookie").Should().ContainSingle().Which.Should().StartWith("session=").And.EndWith("Path=/app/flask/");
        (await home.Content.ReadAsStringAsync(Cancellation)).Should().Contain("href=\"/app/flask/style.css\"");
    }

    [Fact]
    public async Task FastAPI_shows_its_documentation_and_takes_a_program()
    {
        await web.RunAsync("fastapi");
        (await GetAsync("/app/fastapi/", HttpStatusCode.OK)).Should().Contain("/app/fastapi/docs");
        (await GetAsync("/app/fastapi/docs", HttpStatusCode.OK)).Should().Contain("/app/fastapi/openapi.json");
        (await GetAsync("/app/fastapi/openapi.json", HttpStatusCode.OK)).Should().Contain("/orders");
        (await PostAsync("/app/fastapi/orders", """{"count":7}""")).Should().Contain("7");
    }

    [Fact]
    public async Task Uvicorn_knows_its_root_path_and_takes_WebSockets()
    {
        await web.RunAsync("uvicorn");
        (await GetAsync("/app/uvicorn/", HttpStatusCode.OK)).Should().Be($"home {web.Hub.Users}app/uvicorn/other");
        using var other = await AskAsync(HttpMethod.Get, "/app/uvicorn/other");
        other.Headers.Location!.OriginalString.Should().Be($"{web.Hub.Users}app/uvicorn/");
        using var socket = await ConnectAsync("/app/uvicorn/echo");
        await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Cancellation);
        (await ReceiveAsync(socket)).Should().Be("hello");
    }

    [Fact]
    public async Task Shiny_renders_for_its_session()
    {
        var instance = await web.RunAsync("shiny");
        using var socket = await ConnectAsync("/app/shiny/websocket/");
        (await ReceiveAsync(socket)).Should().Contain("config");
        await socket.SendAsync(
            Encoding.UTF8.GetBytes("""{"method":"init","data":{"name":"lee",".clientdata_output_greeting_hidden":false,".clientdata_url_search":"",".clientdata_pixelratio":1}}"""),
            WebSocketMessageType.Text,
            endOfMessage: true,
            Cancellation);
        string message;
        do
        {
            message = await ReceiveAsync(socket);
        }
        while (!message.Contains("Hello", StringComparison.Ordinal));
        message.Should().Contain("Hello lee");
        (await web.Hub.WaitForAsync(instance.Key, now => now.ReadyRun!.Sessions == 1)).ReadyRun!.LastActed.Should().NotBeNull();
    }

    private async Task<HttpResponseMessage> AskAsync(HttpMethod method, string target, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(web.Hub.Users, target)) { Content = content };
        return await web.Kim.Http.SendAsync(request, Cancellation);
    }

    private async Task<string> GetAsync(string target, HttpStatusCode expected)
    {
        using var answer = await AskAsync(HttpMethod.Get, target);
        (target, answer.StatusCode).Should().Be((target, expected));
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private async Task<string> PostAsync(string target, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await AskAsync(HttpMethod.Post, target, content);
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private Task<ClientWebSocket> ConnectAsync(string path) => web.Kim.ConnectAsync(
        new Uri($"ws://{web.Hub.Users.Authority}{path}"), options => options.SetRequestHeader("Origin", web.Hub.Users.GetLeftPart(UriPartial.Authority)), Cancellation);

    private static async Task<string> ReceiveAsync(ClientWebSocket socket)
    {
        var (text, buffer) = (new StringBuilder(), new byte[16 * 1024]);
        ValueWebSocketReceiveResult part;
        do
        {
            part = await socket.ReceiveAsync(buffer.AsMemory(), Cancellation);
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }
        while (!part.EndOfMessage);
        return text.ToString();
    }

    /// <summary>Flask signs its cookie with the time, Dash numbers its pages.</summary>
    [GeneratedRegex("(?<=session=)[^;]+|(?<=\"end_id\":\")[^\"]+")]
    private static partial Regex Chance();

    [GeneratedRegex("<(?:script|link|a|img)[^>]* (?:src|href)=\"([^\"#]+)\"")]
    private static partial Regex Reference();
}
