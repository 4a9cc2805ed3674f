namespace StreamHub.Tests.Server.Threats;

/// <summary>One hub for all threats, one test at a time: what reached a backend is then told for certain.</summary>
[CollectionDefinition(Name)]
public sealed class ThreatsCollection : ICollectionFixture<ThreatHub>
{
    public const string Name = "Threats";
}
