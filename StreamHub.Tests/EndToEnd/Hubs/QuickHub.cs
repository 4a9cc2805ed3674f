namespace StreamHub.Tests.EndToEnd.Hubs;

/// <summary>A hub that ends replaced runs after a moment.</summary>
public sealed class QuickHub() : SharedHub("--StreamHub:Apps:DrainTimeout=2s");
