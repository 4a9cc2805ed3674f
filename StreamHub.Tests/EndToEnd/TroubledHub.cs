namespace StreamHub.Tests.EndToEnd;

/// <summary>One hub for the tests of a class that is quick to see what is wrong, started by the first of them.</summary>
public sealed class TroubledHub : IAsyncDisposable
{
    private Task<SalesHub>? hub;

    internal Task<SalesHub> GetAsync() => hub ??= StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (hub is { IsCompletedSuccessfully: true })
        {
            await (await hub).DisposeAsync();
        }
    }

    private static async Task<SalesHub> StartAsync()
    {
        var sales = await SalesHub.StartAsync(
            "--StreamHub:Apps:AnswerTimeout=2s", "--StreamHub:Apps:CheckInterval=1s", "--StreamHub:Apps:ScriptTimeout=5s", "--StreamHub:Apps:StopGrace=1s", "--StreamHub:Apps:MemoryReserve=0");
        return await sales.WithAsync(() => sales.ApplyAsync(
            users: [new { name = "kim", role = "user", addresses = new[] { "127.0.0.7" }, apps = new[] { "sales", "nope", "aborts", "grows", "hangs", "warm" } }],
            apps:
            [
                new { slug = "nope", name = "Nope", runtime = "command", command = new[] { "python3", "-c", "import nope" } },
                new { slug = "aborts", name = "Aborts", runtime = "streamlit", script = SalesHub.Script("troubled.py") },
                new { slug = "grows", name = "Grows", runtime = "streamlit", script = SalesHub.Script("troubled.py"), memoryHard = 300 },
                new { slug = "hangs", name = "Hangs", runtime = "streamlit", script = SalesHub.Script("troubled.py") },
                new { slug = "warm", name = "Warm", runtime = "streamlit", script = SalesHub.Script("troubled.py"), minRuns = 1 },
            ]));
    }
}
