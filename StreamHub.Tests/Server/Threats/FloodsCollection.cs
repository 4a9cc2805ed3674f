namespace StreamHub.Tests.Server.Threats;

/// <summary>Tests that take much of the machine: one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class FloodsCollection
{
    public const string Name = "Floods";
}
