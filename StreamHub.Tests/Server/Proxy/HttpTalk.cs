using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Proxy;

/// <summary>
/// A conversation in which client and app wait for each other: what the hub kept back, or did not pass on when it was sent, would never come.
/// </summary>
/// <param name="Name">What it is about; where the hub makes a difference, docs/apps.md names it so.</param>
/// <param name="Client">What the client does; it is given the address of the app's pages, and the host.</param>
/// <param name="App">What the app does.</param>
internal sealed record HttpTalk(string Name, Func<TalkSide, string, string, Task> Client, Func<TalkSide, Task> App)
{
    private const string Chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
    private const string Switched = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: b\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n";

    private static readonly string Megabyte = new('m', 1 << 20);

    public static IEnumerable<HttpTalk> All => [.. Answers(), .. Bodies(), .. Connections(), .. Sockets()];

    /// <summary>Plays both sides.</summary>
    /// <returns>What each side read, the client's first.</returns>
    public async Task<string> PlayAsync(ChannelReader<Socket> accepted, int port, string path, string host)
    {
        var (client, app) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(FullHub.Patience);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        using var left = new TalkSide("client", isApp: false, stop => RawClient.ConnectAsync("127.0.0.1", port, stop), client.Enqueue, patience.Token);
        using var right = new TalkSide("app", isApp: true, async stop => await accepted.ReadAsync(stop), app.Enqueue, over.Token);
        var (asking, serving) = (Client(left, path, host), App(right));
        try
        {
            await asking;
            if (Name == HalfClosed)
            {
                // It may have reached no app.
                await over.CancelAsync();
            }

            await serving;
        }
        catch (OperationCanceledException) when (!patience.IsCancellationRequested)
        {
            app.Clear();
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{Name} of {path} stopped after: {string.Join(", ", client.Concat(app))}");
        }

        return string.Join('\n', client.Concat(app));
    }

    private const string HalfClosed = "half-closed connection";

    private static string Get(string path, string host, string rest = "x", string method = "GET") => $"{method} {path}{rest} HTTP/1.1\r\nHost: {host}\r\n\r\n";

    private static string Post(string path, string host, params string[] lines) => $"POST {path}x HTTP/1.1\r\nHost: {host}\r\n{string.Concat(lines.Select(line => line + "\r\n"))}\r\n";

    private static string Chunk(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private static IEnumerable<HttpTalk> Answers()
    {
        foreach (var (name, head, piece, end) in new (string, string, Func<string, string>, string)[]
        {
            ("events", Chunked, Chunk, "0\r\n\r\n"), ("an answer of a known length, piece by piece", "HTTP/1.1 200 OK\r\nContent-Length: 24\r\n\r\n", text => text, ""), ("an answer up to the end, piece by piece", "HTTP/1.1 200 OK\r\n\r\n", text => text, ""),
        })
        {
            // The app sends each piece when the client has told of the one before, as a second request of a page would.
            var told = new SemaphoreSlim(0);
            yield return new(name,
                async (client, path, host) =>
                {
                    await client.SendAsync(Get(path, host));
                    await client.HeadAsync();
                    told.Release();
                    for (var number = 1; number <= 3; number++)
                    {
                        await client.UntilAsync($"data: {number}");
                        told.Release();
                    }

                    client.Leave();
                },
                async app =>
                {
                    await app.HeadAsync();
                    await app.SendAsync(head);
                    for (var number = 1; number <= 3; number++)
                    {
                        await told.WaitAsync(TestContext.Current.CancellationToken);
                        await app.SendAsync(piece($"data: {number}"));
                    }

                    await told.WaitAsync(TestContext.Current.CancellationToken);
                    await app.SendAsync(end);
                    app.Leave();
                });
        }

        yield return new("an answer that its client leaves",
            async (client, path, host) =>
            {
                await client.SendAsync(Get(path, host));
                await client.HeadAsync();
                client.Leave();
            },
            async app =>
            {
                await app.HeadAsync();
                await app.SendAsync(Chunked);
                await app.EndAsync();
            });
    }

    private static IEnumerable<HttpTalk> Bodies()
    {
        foreach (var (name, header, piece, end) in new (string, string, Func<string, string>, string)[]
        {
            ("a body in chunks, piece by piece", "Transfer-Encoding: chunked", Chunk, "0\r\n\r\n"), ("a body of a known length, piece by piece", "Content-Length: 18", text => text, ""),
        })
        {
            var read = new SemaphoreSlim(0);
            yield return new(name,
                async (client, path, host) =>
                {
                    await client.SendAsync(Post(path, host, header));
                    for (var number = 1; number <= 3; number++)
                    {
                        await read.WaitAsync(TestContext.Current.CancellationToken);
                        await client.SendAsync(piece($"part {number}"));
                    }

                    await client.SendAsync(end);
                    await client.UntilAsync("ok");
                    client.Leave();
                },
                async app =>
                {
                    await app.HeadAsync();
                    for (var number = 1; number <= 3; number++)
                    {
                        read.Release();
                        await app.UntilAsync($"part {number}");
                    }

                    await app.SendAsync(Ok);
                    app.Leave();
                });
        }

        yield return new("a body that is refused before it is sent",
            async (client, path, host) =>
            {
                await client.SendAsync(Post(path, host, "Content-Length: 9000000", "Expect: 100-continue"));
                await client.UntilAsync("too large");
                client.Leave();
            },
            async app =>
            {
                await app.HeadAsync();
                await app.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large");
                app.Leave();
            });
        yield return new("a body that is refused while it is sent",
            async (client, path, host) =>
            {
                await client.SendAsync(Post(path, host, $"Content-Length: {9 * Megabyte.Length}"));
                var sending = Task.Run(async () =>
                {
                    for (var megabyte = 0; megabyte < 9; megabyte++)
                    {
                        await client.SendAsync(Megabyte);
                    }
                });
                await client.HeadAsync();
                await client.UntilAsync("too large");
                await sending;
                client.Leave();
            },
            async app =>
            {
                await app.HeadAsync();
                await app.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 9\r\nConnection: close\r\n\r\ntoo large");
                app.Leave();
            });
        var half = new SemaphoreSlim(0);
        yield return new("a body whose client leaves",
            async (client, path, host) =>
            {
                await client.SendAsync(Post(path, host, "Content-Length: 100") + "half of it");
                await half.WaitAsync(TestContext.Current.CancellationToken);
                client.Leave();
            },
            async app =>
            {
                await app.HeadAsync();
                await app.UntilAsync("half of it");
                half.Release();
                await app.EndAsync();
            });
    }

    private static IEnumerable<HttpTalk> Connections()
    {
        // What an answer without a body says of its length must not shift the next one.
        string[] answers = ["HTTP/1.1 200 OK\r\nContent-Length: 12345\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 12345\r\n\r\n", "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew", Ok];
        foreach (var (name, isAtOnce) in new[] { ("requests one after the other on a connection", false), ("requests without waiting on a connection", true) })
        {
            yield return new(name,
                async (client, path, host) =>
                {
                    string[] requests = [.. answers.Select((_, number) => Get(path, host, $"{number}", number == 0 ? "HEAD" : "GET"))];
                    if (isAtOnce)
                    {
                        await client.SendAsync(string.Concat(requests));
                    }

                    for (var number = 0; number < answers.Length; number++)
                    {
                        await client.SendAsync(isAtOnce ? "" : requests[number]);
                        await client.HeadAsync();
                        if (number >= 3)
                        {
                            await client.UntilAsync(number == 3 ? "new" : "ok");
                        }
                    }

                    client.Leave();
                },
                async app =>
                {
                    foreach (var answer in answers)
                    {
                        await app.HeadAsync();
                        await app.SendAsync(answer);
                    }

                    app.Leave();
                });
        }

        yield return new(HalfClosed,
            async (client, path, host) =>
            {
                await client.SendAsync(Get(path, host));
                client.EndSending();
                await client.UntilAsync("ok");
                client.Leave();
            },
            async app =>
            {
                await app.HeadAsync();
                await app.SendAsync(Ok);
                app.Leave();
            });
    }

    private static IEnumerable<HttpTalk> Sockets()
    {
        // RFC 6455, 5.2: fragments, control frames between them, reserved bits, an unknown opcode, 7, 16 and 64 bits of length, close with code and reason.
        string[] frames =
        [
            "\u0001\u0003abc", "\u0089\u0004ping", "\u0080\u0003def", "\u008a\u0000", "\u00c1\u0002\u0000\u00ff", "\u0083\u0001x", "\u0082\u007e\u0001\u0000" + string.Concat(Enumerable.Range(0, 256).Select(code => (char)code)),
            "\u0082\u007f\u0000\u0000\u0000\u0000\u0000\u0010\u0000\u0000" + Megabyte, "\u0088\u0006\u000f\u00a0over",
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

    /// <summary>A frame as a client sends it, masked with zeros (RFC 6455, 5.3).</summary>
    private static string Masked(string frame)
    {
        var length = frame[1] switch { '\u007f' => 8, '\u007e' => 2, _ => 0 };
        return frame[0] + ((char)(frame[1] | 0x80)).ToString() + frame[2..(2 + length)] + "\0\0\0\0" + frame[(2 + length)..];
    }
}
