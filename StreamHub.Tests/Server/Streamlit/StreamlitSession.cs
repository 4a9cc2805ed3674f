using System.Net.WebSockets;
using System.Text;
using StreamHub.Server.Streamlit;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>A session of a Streamlit app without a browser (streamlit/proto: BackMsg.proto, ForwardMsg.proto).</summary>
internal sealed class StreamlitSession : IDisposable
{
    // BackMsg { rerun_script: ClientState {} }, field 11.
    private static readonly byte[] RunScript = [(11 << 3) | 2, 0];

    private const int ScriptFinished = 6;

    private readonly PersonaClient person;
    private readonly ClientWebSocket socket;

    private StreamlitSession(PersonaClient person, ClientWebSocket socket) => (this.person, this.socket) = (person, socket);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Task<StreamlitSession> OpenAsync(FullHub hub, string who, string slug) => OpenAsync(new Uri(hub.Users, $"app/{slug}/"), who);

    /// <param name="page">The address of an app's page.</param>
    /// <param name="cookies">What the browser has kept.</param>
    public static async Task<StreamlitSession> OpenAsync(Uri page, string who, string? cookies = null)
    {
        var visitor = new PersonaClient(who);
        var opened = await visitor.ConnectAsync(
            new UriBuilder(page) { Scheme = "ws", Path = $"{page.AbsolutePath}_stcore/stream" }.Uri,
            options =>
            {
                options.SetRequestHeader("Origin", page.GetLeftPart(UriPartial.Authority));
                options.AddSubProtocol("streamlit");
                if (cookies is not null)
                {
                    options.SetRequestHeader("Cookie", cookies);
                }
            },
            Cancellation);
        return new StreamlitSession(visitor, opened);
    }

    /// <summary>A new session's first script run: everything that it sends, and whether the script compiles.</summary>
    public static async Task<(string Text, bool Compiles)> VisitAsync(FullHub hub, string who, string slug)
    {
        using var session = await OpenAsync(hub, who, slug);
        return await session.RunAsync();
    }

    /// <summary>Runs the script once.</summary>
    public async Task<(string Text, bool Compiles)> RunAsync()
    {
        await BeginAsync();
        return await FinishAsync();
    }

    /// <summary>Asks for a script run.</summary>
    public Task BeginAsync() => socket.SendAsync(RunScript, WebSocketMessageType.Binary, endOfMessage: true, Cancellation);

    /// <summary>Reads until the script has finished.</summary>
    public async Task<(string Text, bool Compiles)> FinishAsync()
    {
        var text = new StringBuilder();
        while (true)
        {
            var message = await ReadAsync();
            text.Append(Encoding.UTF8.GetString(message));
            if (ProtobufFields.Number(message, ScriptFinished) is { } result)
            {
                return (text.ToString(), result == 0);
            }
        }
    }

    /// <summary>The next message.</summary>
    public async Task<byte[]> ReadAsync()
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), Cancellation);
            part.MessageType.Should().Be(WebSocketMessageType.Binary);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return message.ToArray();
            }
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        person.Dispose();
    }
}
