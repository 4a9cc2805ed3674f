namespace StreamHub.Tests.Server.Threats;

/// <summary>Tests that take all that the machine has: they run alone, after the others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FloodsCollection
{
    public const string Name = "Floods";
}
