using System.Net.WebSockets;
using System.Runtime.Versioning;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Faults;

/// <summary>
/// A user with a session that counts: comes back to it whenever the connection breaks, as a browser does, and notes who
/// answers. As long as the process lives that made the session, nobody else may.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class SessionHolder(FaultHub hub, string slug, string address) : IWorker
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>How long a process may go on after another took its session: its grace, and the kill.</summary>
    private static readonly TimeSpan EndPatience = TimeSpan.FromMinutes(1);

    private readonly PersonaClient persona = new(address);
    private readonly List<Task> ends = [];
    private AppAnswer? last;
    private long startTime;
    private int answers;

    private string Who => $"session in {slug}";

    /// <summary>The last answer; null before the first.</summary>
    public AppAnswer? Last => Volatile.Read(ref last);

    /// <summary>How many answers there were.</summary>
    public int Answers => Volatile.Read(ref answers);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var socket = await ConnectAsync(cancellationToken);
                Take(await ReadAsync(socket, cancellationToken), isHello: true);
                while (true)
                {
                    await socket.SendAsync("next"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
                    Take(await ReadAsync(socket, cancellationToken), isHello: false);
                    await Task.Delay(Pause, TimeProvider.System, cancellationToken);
                }
            }
            catch (Exception exception) when (exception is WebSocketException or HttpRequestException or IOException or ObjectDisposedException or OperationCanceledException)
            {
                await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Waits for the end of processes that had to go.</summary>
    public Task EndsAsync() => Task.WhenAll(ends);

    public void Dispose() => persona.Dispose();

    private async Task<ClientWebSocket> ConnectAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        return await persona.ConnectAsync(new Uri($"{hub.Process.UsersOrigin.Replace("http", "ws", StringComparison.Ordinal)}/app/{slug}/ws"), options =>
        {
            options.SetRequestHeader("Origin", hub.Process.UsersOrigin);
            foreach (var word in (string[])["streamlit", "none", .. last is { Session: { } mine } ? (string[])[mine] : []])
            {
                options.AddSubProtocol(word);
            }
        }, patience.Token);
    }

    private void Take(AppAnswer answer, bool isHello)
    {
        if (last?.Session is { } mine && answer.Session == mine)
        {
            // Before the connection broke a message may have been counted whose answer was lost.
            var isNext = answer.Count == last.Count + 1;
            if (answer.Pid != last.Pid || !(isNext || (isHello && answer.Count == last.Count)))
            {
                hub.History.Violate("I2", Who, $"{mine} went from {last.Count} of {last.Pid} to {answer.Count} of {answer.Pid}");
            }

            if (isHello)
            {
                hub.History.Note(Who, $"again with run {answer.Run} ({answer.Pid}) at {answer.Count}");
            }
        }
        else
        {
            if (last is { } before && Census.StartTime(before.Pid) == startTime)
            {
                hub.History.Note(Who, $"taken from run {before.Run} ({before.Pid}), which lives, by run {answer.Run} ({answer.Pid})");
                ends.Add(GoesAsync(before, startTime));
            }

            hub.History.Note(Who, $"new with run {answer.Run} ({answer.Pid})");
            startTime = Census.StartTime(answer.Pid) ?? 0;
        }

        Volatile.Write(ref last, answer);
        Interlocked.Increment(ref answers);
    }

    private async Task GoesAsync(AppAnswer before, long started)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (Census.StartTime(before.Pid) == started)
        {
            if (TimeProvider.System.GetElapsedTime(since) > EndPatience)
            {
                hub.History.Violate("I2", Who, $"run {before.Run} ({before.Pid}) lives on and was not given its session back");
                return;
            }

            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    private static async Task<AppAnswer> ReadAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[1024];
        var message = await socket.ReceiveAsync(buffer, cancellationToken);
        return message.MessageType == WebSocketMessageType.Close ? throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely) : AppAnswer.Parse(buffer.AsSpan(0, message.Count));
    }
}
