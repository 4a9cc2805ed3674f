using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Threading.Channels;
using StreamHub.Tests.Server.Threats;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>
/// A conversation in which client and app wait for each other: what the hub kept back, or did not pass on when it was sent, would never come.
/// </summary>
/// <param name="Name">What it is about; where the hub makes a difference, docs/apps.md names it so.</param>
/// <param name="Client">What the client does; it is given the address of the app's pages, and the host.</param>
/// <param name="App">What the app does.</param>
internal sealed record HttpTalk(string Name, Func<TalkSide, string, string, Task> Client, Func<TalkSide, Task> App)
{
    private const string HalfClosed = "half-closed connection";
    private const string Chunked = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";

    public static readonly string Megabyte = new('m', 1 << 20);

    public static IEnumerable<HttpTalk> All => [.. Answers(), .. Bodies(), .. Connections(), .. SocketTalks.All];

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
        catch (OperationCanceledException late)
        {
            throw new TimeoutException($"{Name} of {path} stopped after: {string.Join(", ", client.Concat(app))}", late);
        }

        return string.Join('\n', client.Concat(app));
    }

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
}
