namespace StreamHub.Tests.EndToEnd.Hubs;

/// <summary>One hub for the tests of a class, started by the first of them.</summary>
/// <param name="settings">Its configuration beside the usual.</param>
public abstract class SharedHub(params string[] settings) : IAsyncDisposable
{
    private Task<SalesHub>? hub;

    internal Task<SalesHub> GetAsync() => hub ??= StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (hub is { IsCompletedSuccessfully: true })
        {
            await (await hub).DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Registers what all tests of the class need.</summary>
    private protected virtual Task PrepareAsync(SalesHub sales) => Task.CompletedTask;

    private async Task<SalesHub> StartAsync()
    {
        var sales = await SalesHub.StartAsync(settings);
        try
        {
            await PrepareAsync(sales);
            return sales;
        }
        catch
        {
            await sales.DisposeAsync();
            throw;
        }
    }
}
