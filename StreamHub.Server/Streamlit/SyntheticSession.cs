using System.Net.WebSockets;
using System.Text;
using Google.Protobuf;
using StreamHub.Domain.Instances;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// A visit by the hub itself: it asks a Streamlit app for one run of its script and waits until that has finished, as a
/// browser does (streamlit/proto: BackMsg.proto, ForwardMsg.proto). Only what has to be understood is read.
/// </summary>
internal static class SyntheticSession
{
    // BackMsg { rerun_script: ClientState {} }, field 11.
    private static readonly byte[] RunScript = [(11 << 3) | 2, 0];

    private const int ScriptFinishedTag = 6 << 3;
    private const int CompileError = 1;

    // ForwardMsg.delta, Delta.new_element, Element.exception, Exception.type.
    private static readonly int[] ExceptionType = [5, 3, 8, 1];

    // What is missing is missing for everybody; what else a script raises may be about who visits.
    private static readonly string[] ImportErrors = ["ModuleNotFoundError", "ImportError"];

    private const int LargestMessage = 16 << 20;

    /// <summary>Returns when the script has run, or cannot.</summary>
    public static async Task<VisitResult> RunAsync(AppEndpoint endpoint, string basePath, string pairing, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("streamlit");
        socket.Options.SetRequestHeader("Origin", endpoint.Origin);
        socket.Options.SetRequestHeader(PairingNames.Header, pairing);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://{endpoint}/{basePath}/_stcore/stream"), cancellationToken);
            await socket.SendAsync(RunScript, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
            while (true)
            {
                if (await ReadAsync(socket, cancellationToken) is not { } message)
                {
                    return new VisitResult.Ended();
                }

                if (Text(message, ExceptionType) is { } type && ImportErrors.Contains(type, StringComparer.Ordinal))
                {
                    return new VisitResult.MissesImport(type);
                }

                switch (FinishedStatus(message))
                {
                    case CompileError:
                        return new VisitResult.DoesNotCompile();
                    case not null:
                        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
                        return new VisitResult.Finished();
                }
            }
        }
        catch (Exception exception) when (exception is WebSocketException or InvalidProtocolBufferException)
        {
            return new VisitResult.Refused(exception.Message);
        }
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

            // What is too large is a picture or a table, and nothing that is waited for.
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

    /// <summary>The value of <c>script_finished</c> (field 6); null in every other message.</summary>
    private static int? FinishedStatus(byte[] message)
    {
        var input = new CodedInputStream(message);
        return Find(input, ScriptFinishedTag) ? input.ReadEnum() : null;
    }

    /// <summary>The text of a field within fields; null in a message without it.</summary>
    private static string? Text(byte[] message, ReadOnlySpan<int> path)
    {
        var content = message;
        foreach (var number in path)
        {
            var input = new CodedInputStream(content);
            if (!Find(input, ((uint)number << 3) | 2))
            {
                return null;
            }

            content = input.ReadBytes().ToByteArray();
        }

        return Encoding.UTF8.GetString(content);
    }

    /// <summary>Reads up to a field.</summary>
    /// <returns>Whether it is there.</returns>
    private static bool Find(CodedInputStream input, uint wanted)
    {
        while (input.ReadTag() is var tag and not 0)
        {
            if (tag == wanted)
            {
                return true;
            }

            input.SkipLastField();
        }

        return false;
    }
}
