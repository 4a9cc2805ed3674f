using System.Globalization;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Server.Streamlit;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>
/// A session of the app "sales", or of another with its button, without a browser: runs its script, presses "Add one", and comes back by its session's id as Streamlit's
/// page does (streamlit/proto: BackMsg.proto, ForwardMsg.proto, NewSession.proto, WidgetStates.proto).
/// </summary>
internal sealed partial class StreamlitVisitor(PersonaClient person, string origin, string app = "sales") : IDisposable
{
    private const int ScriptFinished = 6;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private ClientWebSocket? socket;
    private string? session;
    private string? button;

    /// <summary>What the script showed last.</summary>
    public int Count { get; private set; } = -1;

    /// <summary>Comes in, and runs the script once.</summary>
    public async Task OpenAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await ConnectAsync(patience.Token);
        await RunAsync(null, patience.Token);
    }

    /// <summary>Presses the button; returns when the script has run.</summary>
    public async Task AddAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await RunAsync(button, patience.Token);
    }

    /// <summary>Waits until the connection breaks off, and comes back. Like Streamlit's page it runs nothing then.</summary>
    public async Task ResumeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (await ReadAsync(patience.Token) is not null)
            {
                // Whatever it still says.
            }
        }
        catch (WebSocketException)
        {
            // Gone without a word.
        }

        while (!await TryConnectAsync(patience.Token))
        {
            await Task.Delay(RetryInterval, TimeProvider.System, patience.Token);
        }
    }

    /// <summary>Closes the connection as a browser does when its tab goes: 1001, RFC 6455, 7.4.1.</summary>
    public async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await socket!.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, null, patience.Token);
    }

    /// <summary>Breaks the connection off without a word.</summary>
    public void Dispose() => socket?.Dispose();

    private async Task<bool> TryConnectAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ConnectAsync(cancellationToken);
            return true;
        }
        catch (WebSocketException)
        {
            return false;
        }
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        socket?.Dispose();
        socket = await person.ConnectAsync(
            new Uri($"{origin.Replace("http", "ws", StringComparison.Ordinal)}/app/{app}/_stcore/stream"),
            options =>
            {
                options.SetRequestHeader("Origin", origin);
                foreach (var protocol in session is null ? (string[])["streamlit", "none"] : ["streamlit", "none", session])
                {
                    options.AddSubProtocol(protocol);
                }
            },
            cancellationToken);
    }

    private async Task RunAsync(string? pressed, CancellationToken cancellationToken)
    {
        byte[] state = pressed is null ? [] : Field(2, Field(1, [.. Field(1, Encoding.UTF8.GetBytes(pressed)), 2 << 3, 1]));
        await socket!.SendAsync(Field(11, state), WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
        while (true)
        {
            var message = await ReadAsync(cancellationToken) ?? throw new WebSocketException("The app closed the session.");
            var text = Encoding.Latin1.GetString(message);
            session ??= SessionId().Match(text) is { Success: true } id ? id.Groups[1].Value : null;
            button = ButtonId().Match(text) is { Success: true } found ? found.Groups[1].Value : button;
            Count = CountText().Match(text) is { Success: true } shown ? int.Parse(shown.Groups[1].Value, CultureInfo.InvariantCulture) : Count;
            if (IsEnd(message))
            {
                return;
            }
        }
    }

    private async Task<byte[]?> ReadAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (true)
        {
            var part = await socket!.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return message.ToArray();
            }
        }
    }

    private static bool IsEnd(byte[] message) => ProtobufFields.Number(message, ScriptFinished) is not null;

    /// <summary>A field of bytes, shorter than 16 KiB.</summary>
    private static byte[] Field(int number, byte[] content) =>
        content.Length < 128 ? [(byte)((number << 3) | 2), (byte)content.Length, .. content]
            : [(byte)((number << 3) | 2), (byte)(0x80 | (content.Length & 0x7f)), (byte)(content.Length >> 7), .. content];

    // NewSession.initialize.session_id: field 6, 36 bytes.
    [GeneratedRegex(@"2\$([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")]
    private static partial Regex SessionId();

    // Button { id = 1; label = 2 }.
    [GeneratedRegex(@"(\$\$ID-[0-9a-f]+-[^\x12]*)\x12\x07Add one")]
    private static partial Regex ButtonId();

    [GeneratedRegex(@"Count is (\d+)")]
    private static partial Regex CountText();
}
