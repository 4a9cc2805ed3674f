namespace StreamHub.Tests.TestKit;

/// <summary>How a hub is started and asked to stop.</summary>
/// <param name="Arguments">What comes before the hub's own arguments.</param>
/// <param name="StopSignal">The signal that asks it to end.</param>
/// <param name="Environment">What is set beside the tests' own environment.</param>
internal sealed record HubLaunch(string File, string[] Arguments, string StopSignal, params (string Name, string Value)[] Environment);
