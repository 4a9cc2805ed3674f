using System.Globalization;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Tests.Rules;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Proxy;

/// <summary>
/// What an app is sent and what it sends, byte for byte: each request goes to the app directly and through the hub, and what differs has to
/// stand in docs/apps.md.
/// </summary>
public sealed partial class HttpFidelityTests : IAsyncLifetime
{
    private const string Chapter = "## What the hub changes";

    private ReadyApp hub = null!;
    private RawBackend backend = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await ReadyApp.StartAsync();
        backend = new RawBackend();
        await hub.ReadyAsync(backend.Port, "other");
        await hub.ReadyAsync(backend.Port, "files");
        await hub.ReadyAsync(backend.Port, "demo");
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await backend.DisposeAsync();
    }

    [Fact]
    public async Task Through_the_hub_an_app_and_its_clients_see_what_they_see_without_it_but_for_what_the_documentation_lists()
    {
        var accepted = Accepted();
        accepted.Should().NotBeEmpty();
        var used = new HashSet<(string, bool)>();
        var wrong = new List<string>();
        foreach (var (test, slug) in HttpCase.All.Select(test => (test, "other")).Concat(HttpCase.OfAddresses.Select(test => (test, "files"))).Concat(HttpCase.OfStreamlit.Select(test => (test, "demo"))))
        {
            foreach (var (difference, detail) in await CompareAsync(test, slug))
            {
                var row = Array.Find(accepted, row => (!row.IsStreamlits || slug == "demo")
                    && (row.Name.EndsWith('*') ? difference.StartsWith(row.Name[..^1], StringComparison.OrdinalIgnoreCase) : difference.Equals(row.Name, StringComparison.OrdinalIgnoreCase)));
                if (row.Name is null)
                {
                    wrong.Add($"{slug}, {test.Name}: {difference}: {detail}");
                }
                else
                {
                    used.Add(row);
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        accepted.Except(used).Should().BeEmpty("a listed difference is one");
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

    private async Task<IReadOnlyList<(string Difference, string Detail)>> CompareAsync(HttpCase test, string slug)
    {
        // The app "files" serves at /.
        var path = slug == "files" ? "/" : $"/app/{slug}/";
        backend.Closes = test.Closes;
        backend.Answer = test.Answer.Replace("{port}", backend.Port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal).Replace("{app}", path, StringComparison.Ordinal);
        var direct = await AskAsync(test, backend.Port, path);
        var through = await AskAsync(test, hub.Address.Port, $"/app/{slug}/");
        if (through.Request is null)
        {
            return [($"request {test.Name}", through.Answer.Start)];
        }

        List<(string, string)> differences = [];
        Compare("request", direct.Request!, through.Request);
        Compare("response", direct.Answer, through.Answer);
        return differences;

        void Compare(string kind, RawMessage left, RawMessage right)
        {
            if (!left.IsComplete)
            {
                // How much of it arrives before the connection breaks is chance; that it breaks is not.
                differences.AddRange(right.IsComplete ? [($"{kind} completeness", "it seems whole")] : []);
                return;
            }

            // HTTP-version, status and reason phrase; method, target and version.
            var names = kind == "response" ? new[] { "version", "status", "reason phrase" } : ["method", "target", "version"];
            foreach (var (name, (before, after)) in names.Zip(left.Start.Split(' ', 3).Zip(right.Start.Split(' ', 3))))
            {
                if (before != after)
                {
                    differences.Add(($"{kind} {name}", $"'{before}' is '{after}'"));
                }
            }

            foreach (var name in left.Headers.Concat(right.Headers).Select(header => header.Name).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                var (before, after) = (Values(left, name), Values(right, name));
                if (before != after)
                {
                    differences.Add((before.Replace(" | ", ", ", StringComparison.Ordinal) == after ? $"{kind} repeated header" : $"{kind} {name}", $"'{before}' is '{after}'"));
                }
            }

            foreach (var (what, before, after) in new (string, object, object)[]
            {
                ("body", left.Body, right.Body), ("trailer fields", left.Trailers.Length, right.Trailers.Length), ("interim responses", left.Interim, right.Interim), ("completeness", left.IsComplete, right.IsComplete),
            })
            {
                if (!before.Equals(after))
                {
                    differences.Add(($"{kind} {what}", $"'{before}' is '{after}'"));
                }
            }
        }
    }

    private static string Values(RawMessage message, string name) =>
        string.Join(" | ", message.Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value));

    private async Task<(RawMessage? Request, RawMessage Answer)> AskAsync(HttpCase test, int port, string path)
    {
        var authority = hub.Address.Authority;
        string[] lines = [$"{test.Method} {path}{test.Rest} HTTP/1.1", $"Host: {authority}", "Connection: close", .. (test.Lines ?? []).Select(line => line.Replace("{host}", authority, StringComparison.Ordinal)), "", test.Body];
        backend.Seen.Clear();
        var answer = await RawClient.SendAsync("127.0.0.1", port, Encoding.Latin1.GetBytes(string.Join("\r\n", lines)));
        var text = answer.Status == 0 ? answer.Head : answer.Head + "\r\n\r\n" + answer.Body;
        return (backend.Seen.SingleOrDefault(), RawMessage.Answer(text, hasBody: test.Method != "HEAD"));
    }

    /// <summary>The accepted differences, as "request Name" or "response Name"; some of them for Streamlit only.</summary>
    private static (string Name, bool IsStreamlits)[] Accepted()
    {
        var page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "apps.md"));
        var start = page.IndexOf(Chapter, StringComparison.Ordinal);
        start.Should().BePositive();
        var end = page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return
        [
            .. from row in Row().Matches(page[start..(end < 0 ? page.Length : end)])
               from name in row.Groups[1].Value.Split(", ")
               from kind in row.Groups[2].Value.Split(" and ")
               select ($"{kind} {name.Replace("`", "", StringComparison.Ordinal)}", row.Groups[3].Value.Contains("Streamlit", StringComparison.Ordinal)),
        ];
    }

    [GeneratedRegex("^\\| ([^|]+) \\| (request|response|request and response) \\| ([^|]+) \\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
