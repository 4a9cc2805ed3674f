using System.Net.WebSockets;
using System.Text;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// A test visit by the hub: requests one script run of a Streamlit app, like a browser (streamlit/proto: BackMsg.proto,
/// ForwardMsg.proto).
/// </summary>
internal sealed class StreamlitVisit(AppConnector connector, SteadyClock clock) : IDisposable
{
    /// <summary>Marks a visit for the app's script, which sees it in <c>st.context.headers</c>, and for the launcher: <c>launcher_scripts.py</c>.</summary>
    private const string Mark = "X-StreamHub-Check";

    /// <summary>A script that has sent for this long works, whether or not it ever finishes.</summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(5);

    // BackMsg { rerun_script: ClientState {} }, field 11.
    private static readonly byte[] RunScript = [(11 << 3) | 2, 0];

    // ForwardMsg.script_finished, and its value for a script that does not compile.
    private const int ScriptFinished = 6;
    private const int CompileError = 1;

    // ForwardMsg.delta.
    private static readonly int[] Delta = [5];

    // ForwardMsg.delta, Delta.new_element, Element.exception, Exception.type.
    private static readonly int[] ExceptionType = [5, 3, 8, 1];

    // A missing module is missing for every visitor; any other exception may depend on the visitor.
    private static readonly string[] ImportErrors = ["ModuleNotFoundError", "ImportError"];

    private const int LargestMessage = 16 << 20;

    // A proxy of the hub's environment would learn the secret of the run.
    private readonly HttpMessageInvoker client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
        ConnectCallback = connector.ConnectAsync,
    });

    /// <summary>Returns when the script has finished, failed or sent enough, or when the time for it is over.</summary>
    public async Task<VisitResult> RunAsync(AppEndpoint endpoint, string basePath, string pairing, bool runsScript, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(patience, clock.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("streamlit");
        socket.Options.SetRequestHeader("Origin", endpoint.Origin);
        socket.Options.SetRequestHeader(PairingNames.Header, pairing);
        socket.Options.SetRequestHeader(Mark, runsScript ? "1" : "session");
        DateTimeOffset? sends = null;
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{endpoint}/{basePath}/_stcore/stream"), client, either.Token);
            await socket.SendAsync(RunScript, WebSocketMessageType.Binary, endOfMessage: true, either.Token);
            while (await ReadAsync(socket, either.Token) is { } message)
            {
                sends ??= ProtobufFields.Content(message, Delta).IsEmpty ? null : clock.Now;
                if ((Result(message) ?? (clock.Now - sends >= Enough ? new VisitResult.Working() : null)) is { } result)
                {
                    await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                    return result;
                }
            }

            return new VisitResult.NoSession("it ended the connection before its script had finished");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return sends is null ? new VisitResult.Silent() : new VisitResult.Working();
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidDataException)
        {
            return new VisitResult.NoSession($"it takes no session ({exception.Message})");
        }
    }

    public void Dispose() => client.Dispose();

    private static VisitResult? Result(ReadOnlySpan<byte> message)
    {
        var error = Encoding.UTF8.GetString(ProtobufFields.Content(message, ExceptionType));
        return ImportErrors.Contains(error, StringComparer.Ordinal) ? new VisitResult.ScriptFailed($"its script imports a module that is missing ({error})")
            : ProtobufFields.Number(message, ScriptFinished) switch
            {
                null => null,
                CompileError => new VisitResult.ScriptFailed("its script does not compile"),
                _ => new VisitResult.Finished(),
            };
    }

    private static async Task<byte[]?> ReadAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 << 10];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            // A larger message is a picture or a table, and never one of the expected messages.
            if (message.Length <= LargestMessage)
            {
                message.Write(buffer, 0, part.Count);
            }

            if (part.EndOfMessage)
            {
                return message.Length <= LargestMessage ? message.ToArray() : [];
            }
        }
    }
}
