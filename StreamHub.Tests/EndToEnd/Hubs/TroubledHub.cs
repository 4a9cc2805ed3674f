namespace StreamHub.Tests.EndToEnd.Hubs;

/// <summary>A hub that is quick to see what is wrong, with apps that go wrong.</summary>
public sealed class TroubledHub() : SharedHub(
    "--StreamHub:Apps:AnswerTimeout=2s", "--StreamHub:Apps:CheckInterval=1s", "--StreamHub:Apps:ScriptTimeout=5s", "--StreamHub:Apps:StopGrace=1s", "--StreamHub:Apps:MemoryReserve=0")
{
    private protected override async Task PrepareAsync(SalesHub sales)
    {
        await sales.SaveAppAsync("nope", new { name = "Nope", runtime = "command", command = new[] { "python3", "-c", "import nope" } });
        foreach (var (slug, more) in new (string, Dictionary<string, object>)[] { ("aborts", []), ("grows", new() { ["memoryHard"] = 300 }), ("hangs", []), ("warm", new() { ["minRuns"] = 1 }) })
        {
            await sales.SaveAppAsync(slug, new Dictionary<string, object>(more) { ["name"] = slug, ["runtime"] = "streamlit", ["script"] = SalesHub.Script("troubled.py") });
        }

        await sales.SaveUserAsync("kim", new { addresses = new[] { "127.0.0.7" }, apps = new[] { "sales", "nope", "aborts", "grows", "hangs", "warm" } });
    }
}
