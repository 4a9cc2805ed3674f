using System.Globalization;
using System.Net.Http;
using System.Text;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>
/// What an app is sent and what it sends, byte for byte and in what order: each request and each conversation goes to the app directly and
/// through the hub, and what differs has to stand in docs/apps.md.
/// </summary>
public sealed class HttpFidelityTests : IAsyncLifetime
{
    private ReadyApp hub = null!;
    private RawBackend backend = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await ReadyApp.StartAsync();
        backend = new RawBackend();
        foreach (var slug in (string[])["other", "files", "demo"])
        {
            await hub.ReadyAsync(backend.Port, slug);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task Through_the_hub_an_app_and_its_clients_see_what_they_see_without_it_but_for_what_the_documentation_lists()
    {
        var differences = new HttpDifferences();
        foreach (var (test, slug) in (IEnumerable<(HttpCase, string)>)[.. HttpCase.All.Select(test => (test, "other")), .. HttpCase.OfAddresses.Select(test => (test, "files")), .. HttpCase.OfStreamlit.Select(test => (test, "demo"))])
        {
            differences.Add($"{slug}, {test.Name}", await CompareAsync(test, slug), isStreamlit: slug == "demo");
        }

        var connections = backend.HandOver();
        foreach (var (talk, slug) in HttpTalk.All.SelectMany(talk => new[] { (talk, "other"), (talk, "files") }))
        {
            var alone = await talk.PlayAsync(connections, backend.Port, Path(slug), hub.Address.Authority);
            var through = await talk.PlayAsync(connections, hub.Address.Port, $"/app/{slug}/", hub.Address.Authority);
            differences.Add($"{slug}, {talk.Name}", alone == through ? [] : [($"request {talk.Name}", $"\n{alone}\nis\n{through}\n")]);
        }

        Assert.True(differences.Wrong.Length == 0, differences.Wrong);
        differences.Unused.Should().Equal([HttpDifferences.PageFiles, "response Content-Encoding"], "a listed difference is one; a real Streamlit has these (StreamlitHttpTests)");
    }

    [Fact]
    public async Task A_server_of_HTTP_1_0_gets_each_request_over_a_connection_of_its_own()
    {
        backend.Answer = "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok";
        backend.ServesOnce = true;
        foreach (var method in (string[])["GET", "GET", "POST", "DELETE"])
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), "/app/other/") { Content = method == "POST" ? new StringContent("body") : null };
            using var answer = await hub.Client.SendAsync(request, TestContext.Current.CancellationToken);
            (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Should().Be("ok", method);
        }

        backend.Seen.Should().HaveCount(4);
    }

    /// <summary>Where the app has its pages; files serves at the root.</summary>
    private static string Path(string slug) => slug == "files" ? "/" : $"/app/{slug}/";

    private async Task<IEnumerable<(string Difference, string Detail)>> CompareAsync(HttpCase test, string slug)
    {
        backend.Closes = test.Closes;
        backend.Answer = test.Answer.Replace("{port}", backend.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{app}", Path(slug), StringComparison.Ordinal);
        var direct = await AskAsync(test, backend.Port, Path(slug));
        var through = await AskAsync(test, hub.Address.Port, $"/app/{slug}/");
        return direct.Request is null || through.Request is null
            ? [($"request {test.Name}", through.Answer.Start)]
            : HttpDifferences.Between("request", direct.Request, through.Request).Concat(HttpDifferences.Between("response", direct.Answer, through.Answer));
    }

    private async Task<(RawMessage? Request, RawMessage Answer)> AskAsync(HttpCase test, int port, string path)
    {
        backend.Seen.Clear();
        RawAnswer answer;
        try
        {
            answer = await RawClient.SendAsync("127.0.0.1", port, Encoding.Latin1.GetBytes(test.Request(path, hub.Address.Authority)));
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"{test.Name} of {path} has no end.", late);
        }

        var text = answer.Status == 0 ? answer.Head : answer.Head + "\r\n\r\n" + answer.Body;
        return (backend.Seen.SingleOrDefault(), RawMessage.Answer(text, hasBody: test.Method != "HEAD"));
    }
}
