namespace StreamHub.Tests.TestKit;

/// <summary>Tests that start browsers or apps: one after the other, and not beside the rest, so that time limits mean something on two cores.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EndToEndCollection
{
    public const string Name = "End to end";
}
