namespace StreamHub.Tests.TestKit.Machines;

/// <summary>One Wine for all tests of a class, made when the first of them needs it.</summary>
public sealed class WineFixture : IAsyncDisposable
{
    private Wine? wine;

    internal async Task<Wine> GetAsync()
    {
        await E2E.WineAsync();
        return wine ??= await Wine.PrepareAsync();
    }

    public ValueTask DisposeAsync() => wine?.DisposeAsync() ?? ValueTask.CompletedTask;
}
