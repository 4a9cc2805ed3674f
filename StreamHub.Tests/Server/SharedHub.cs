namespace StreamHub.Tests.Server;

/// <summary>One hub for the tests of a class that do not disturb each other: each has apps of its own.</summary>
public sealed class SharedHub : IAsyncLifetime
{
    public FullHub Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Hub = await FullHub.StartAsync();

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
