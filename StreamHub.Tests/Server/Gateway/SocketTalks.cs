namespace StreamHub.Tests.Server.Gateway;

/// <summary>Conversations over WebSockets (RFC 6455), frame by frame.</summary>
internal static class SocketTalks
{
    private const string Switched = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: b\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

    public static IEnumerable<HttpTalk> All
    {
        get
        {
            // RFC 6455, 5.2: fragments, control frames between them, reserved bits, an unknown opcode, 7, 16 and 64 bits of length, close with code and reason.
            string[] frames =
            [
                "\u0001\u0003abc", "\u0089\u0004ping", "\u0080\u0003def", "\u008a\u0000", "\u00c1\u0002\u0000\u00ff", "\u0083\u0001x", "\u0082\u007e\u0001\u0000" + string.Concat(Enumerable.Range(0, 256).Select(code => (char)code)),
                "\u0082\u007f\u0000\u0000\u0000\u0000\u0000\u0010\u0000\u0000" + HttpTalk.Megabyte, "\u0088\u0006\u000f\u00a0over",
            ];
            string Handshake(string path, string host) => $"GET {path}socket HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "Sec-WebSocket-Protocol: a, b\r\nSec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-own\r\n\r\n";
            foreach (var isReset in (bool[])[false, true])
            {
                yield return new(isReset ? "a WebSocket that its client breaks off" : "a WebSocket",
                    async (client, path, host) =>
                    {
                        await client.SendAsync(Handshake(path, host));
                        await client.HeadAsync();
                        foreach (var frame in frames)
                        {
                            await client.SendAsync(Masked(frame));
                            await client.UntilAsync(frame);
                        }

                        client.Leave(isReset);
                    },
                    async app =>
                    {
                        await app.HeadAsync();
                        await app.SendAsync(Switched);
                        foreach (var frame in frames)
                        {
                            await app.UntilAsync(Masked(frame));
                            await app.SendAsync(frame);
                        }

                        await app.EndAsync();
                    });
            }

            yield return new("a WebSocket that its app breaks off, with a frame behind the head",
                async (client, path, host) =>
                {
                    await client.SendAsync(Handshake(path, host));
                    await client.UntilAsync(frames[0]);
                    await client.EndAsync();
                },
                async app =>
                {
                    await app.HeadAsync();
                    await app.SendAsync(Switched + frames[0]);
                    app.Leave();
                });
            yield return new("a WebSocket that its app refuses",
                async (client, path, host) =>
                {
                    await client.SendAsync(Handshake(path, host));
                    await client.HeadAsync();
                    await client.UntilAsync("not today");
                    client.Leave();
                },
                async app =>
                {
                    await app.HeadAsync();
                    await app.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\nConnection: close\r\n\r\nnot today");
                    app.Leave();
                });
        }
    }

    /// <summary>A frame as a client sends it, masked with zeros (RFC 6455, 5.3).</summary>
    private static string Masked(string frame)
    {
        var length = frame[1] switch { '\u007f' => 8, '\u007e' => 2, _ => 0 };
        return frame[0] + ((char)(frame[1] | 0x80)).ToString() + frame[2..(2 + length)] + "\0\0\0\0" + frame[(2 + length)..];
    }
}
