using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Entries;
using StreamHub.Server.Runs;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Threats;

/// <summary>T4, T22: a Streamlit app answers the hub alone, and a session of it its person alone.</summary>
public sealed partial class StreamlitThreatTests : IAsyncLifetime
{
    // BackMsg { rerun_script: ClientState {} }, field 11 (streamlit/proto: BackMsg.proto).
    private static readonly byte[] RunScript = [(11 << 3) | 2, 0];

    private FullHub hub = null!;
    private InstanceKey whose;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync(null, $"Python={await E2E.StreamlitPythonAsync()}");
        var script = Path.Combine(AppContext.BaseDirectory, "EndToEnd", "Apps", "whose.py");
        (await hub.Editor.SaveAppAsync(new AppEntry { Slug = "whose", Name = "whose", Runtime = "streamlit", Script = script }, null, FullHub.Actor, Cancellation)).Errors.Should().BeEmpty();
        await hub.AddUserAsync("김 kim", "user", ThreatHub.Kim, "whose");
        await hub.AddUserAsync("lee", "user", ThreatHub.Lee, "whose");
        await hub.AddUserAsync("boss", "admin", ThreatHub.Boss);
        whose = new InstanceKey(AppSlug.Parse("whose"));
        await hub.RunAsync(whose);
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task A_session_is_resumed_by_its_person_alone()
    {
        using var first = await OpenAsync(ThreatHub.Kim, null);
        var (id, seen) = await RunAsync(first);
        seen.Should().Be("run 1 for 김 kim.");
        (string Who, string Name, string[] Headers)[] thieves =
        [
            (ThreatHub.Lee, "lee", []), (ThreatHub.Boss, "boss", []), (ThreatHub.Lee, "lee", ["X-StreamHub-User=%EA%B9%80%20kim"]), (ThreatHub.Lee, "lee", ["X_StreamHub_User=%EA%B9%80%20kim"]), (ThreatHub.Lee, "lee", ["X-Streamhub-User=lee, %EA%B9%80%20kim"]),
        ];

        // While kim is there, and after her connection broke off.
        foreach (var isThere in (bool[])[true, false])
        {
            if (!isThere)
            {
                first.Abort();
            }

            foreach (var (who, name, headers) in thieves)
            {
                using var stolen = await OpenAsync(who, id, headers);
                var (own, shown) = await RunAsync(stolen);
                own.Should().NotBe(id);
                shown.Should().Be($"run 1 for {name}.");
            }
        }

        using var again = await OpenAsync(ThreatHub.Kim, id);
        (await RunAsync(again)).Should().Be((id, "run 2 for 김 kim."), "it is still there, and kim's");
        var opened = async () => await OpenAsync(ThreatHub.Unregistered, id);
        await opened.Should().ThrowAsync<WebSocketException>();

        foreach (var log in Directory.GetFiles(Path.Combine(hub.Directory, "logs")))
        {
            using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            (await reader.ReadToEndAsync(Cancellation)).Should().NotContain(id, "whoever reads it could be kim");
        }
    }

    [Fact]
    public async Task A_program_of_the_machine_that_goes_to_an_apps_port_is_refused_by_the_app()
    {
        var run = hub.Supervisor.State.Find(whose)!.ReadyRun!;
        var port = run.Process!.Endpoint.Port;
        var word = hub.Get<RunSecrets>().Pairing(run.Id);
        string[] socket = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", $"Origin: http://127.0.0.1:{port}"];
        string[][] ways = [[], ["X-StreamHub-User: kim"], ["X-StreamHub-Pairing:"], ["X-StreamHub-Pairing: x"], [$"X-StreamHub-Pairing: {word[..^1]}"], [$"X-StreamHub-Pairing: {word}x"], [$"X_StreamHub_Pairing: {word}"], [$"X-StreamHub-Pairing: {hub.Get<RunSecrets>().Pairing(new RunId(run.Id.Value + 1))}"], [$"X-StreamHub-Pairing: {word}", "X-StreamHub-Pairing: x"]];
        foreach (var path in (string[])["/app/whose/", "/app/whose/_stcore/health", "/app/whose/_stcore/host-config", "/app/whose/static/x.js", "/app/whose/media/x", "/"])
        {
            foreach (var way in ways)
            {
                (path, (await RawClient.AskAsync(ThreatHub.Unregistered, port, "GET", path, [$"Host: 127.0.0.1:{port}", .. way])).Status).Should().Be((path, 403));
            }
        }

        foreach (var way in ways)
        {
            (await RawClient.AskAsync(ThreatHub.Unregistered, port, "GET", "/app/whose/_stcore/stream", [$"Host: 127.0.0.1:{port}", .. socket, .. way])).Status.Should().Be(403);
        }

        // With the word it would have been let in.
        (await RawClient.AskAsync(ThreatHub.Unregistered, port, "GET", "/app/whose/_stcore/health", $"Host: 127.0.0.1:{port}", $"X-StreamHub-Pairing: {word}")).Status.Should().Be(200);
        (await RawClient.AskAsync(ThreatHub.Unregistered, port, "GET", "/app/whose/_stcore/stream", [$"Host: 127.0.0.1:{port}", .. socket, $"X-StreamHub-Pairing: {word}"])).Status.Should().Be(101);
        (await RawClient.AskAsync(ThreatHub.Kim, hub.Users.Port, "GET", "/app/whose/_stcore/host-config", $"Host: {hub.Users.Authority}", "X-StreamHub-Pairing: x")).Status.Should().Be(200);
    }

    private async Task<ClientWebSocket> OpenAsync(string who, string? session, params string[] headers)
    {
        using var persona = new PersonaClient(who);
        return await persona.ConnectAsync(
            new UriBuilder(hub.Users) { Scheme = "ws", Path = "app/whose/_stcore/stream" }.Uri,
            options =>
            {
                options.SetRequestHeader("Origin", hub.Users.GetLeftPart(UriPartial.Authority));
                foreach (var header in headers)
                {
                    options.SetRequestHeader(header.Split('=')[0], header.Split('=')[1]);
                }

                options.AddSubProtocol("streamlit");
                if (session is not null)
                {
                    // As Streamlit's page does when it comes back: the third word is the session.
                    options.AddSubProtocol("none");
                    options.AddSubProtocol(session);
                }
            },
            Cancellation);
    }

    /// <summary>Runs the script, and reads until its text is there.</summary>
    private static async Task<(string Session, string Text)> RunAsync(ClientWebSocket socket)
    {
        await socket.SendAsync(RunScript, WebSocketMessageType.Binary, endOfMessage: true, Cancellation);
        var (received, buffer) = (new StringBuilder(), new byte[64 * 1024]);
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), Cancellation);
            part.MessageType.Should().Be(WebSocketMessageType.Binary);
            received.Append(Encoding.Latin1.GetString(buffer, 0, part.Count));
            var text = received.ToString();
            if (Written().Match(text) is { Success: true, Value: var written } && Session().Match(text) is { Success: true, Value: var session })
            {
                return (session, Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(written)));
            }
        }
    }

    /// <summary>Ids of sessions end with the number of their run.</summary>
    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-0000[0-9a-f]{8}")]
    private static partial Regex Session();

    [GeneratedRegex("run [0-9]+ for [^.\\n]+[.]")]
    private static partial Regex Written();
}
