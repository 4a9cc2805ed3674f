using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Entries;
using StreamHub.Server.Runs;
using StreamHub.Tests.Server.Gateway;
using StreamHub.Tests.Server.Threats;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>What HTTP clients of a real Streamlit see, at its own port and through the hub.</summary>
public sealed partial class StreamlitHttpTests
{
    [Fact]
    public async Task Its_clients_see_what_they_see_at_its_own_port()
    {
        await using var hub = await FullHub.StartAsync(null, $"Python={await E2E.StreamlitPythonAsync()}");
        var script = Path.Combine(AppContext.BaseDirectory, "EndToEnd", "Apps", "tour", "app.py");
        (await hub.Editor.SaveAppAsync(new AppEntry { Slug = "tour", Name = "tour", Runtime = "streamlit", Script = script }, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        await hub.AddUserAsync("kim", "user", "127.0.0.7", "tour");
        var run = (await hub.RunAsync(new InstanceKey(AppSlug.Parse("tour")))).ReadyRun!;
        var word = hub.Get<RunSecrets>().Pairing(run.Id);
        var page = await AskAsync(new HttpCase("page", Rest: "", Lines: ["Accept: text/html"]), hub.Users.Port);
        var file = PageFile().Match(page.Body).Groups[1].Value;
        file.Should().NotBeEmpty();
        var differences = new HttpDifferences();
        foreach (var test in HttpCase.OfWebApps(["second", file, "app/static/note.txt", "static/missing.js", "media/missing", "component/x/y", "favicon.png", "_stcore/health", "_stcore/host-config"]))
        {
            var direct = await AskAsync(test with { Lines = [.. test.Lines ?? [], $"X-StreamHub-Pairing: {word}"] }, run.Process!.Endpoint.Port);
            var found = HttpDifferences.Between("response", direct, await AskAsync(test, hub.Users.Port)).ToArray();

            // Of the page's own files only what they contain is to be the same.
            var isWhole = test.Rest == file && test is { Method: "GET", Lines: null };
            differences.Add(test.Name, isWhole || !test.Rest.StartsWith("static/", StringComparison.Ordinal) || found.Length == 0
                ? found.Where(difference => !isWhole || difference.Difference is "response body" or "response status" or "response Content-Length")
                : [(HttpDifferences.PageFiles, found[0].Detail)], isStreamlit: true);
        }

        Assert.True(differences.Wrong.Length == 0, differences.Wrong);

        async Task<RawMessage> AskAsync(HttpCase test, int port)
        {
            var answer = await RawClient.SendAsync("127.0.0.7", port, Encoding.Latin1.GetBytes(test.Request("/app/tour/", hub.Users.Authority)));
            return RawMessage.Answer($"{answer.Head}\r\n\r\n{answer.Body}", hasBody: test.Method != "HEAD");
        }
    }

    [GeneratedRegex("\"\\./(static/js/[^\"]+)\"")]
    private static partial Regex PageFile();
}
