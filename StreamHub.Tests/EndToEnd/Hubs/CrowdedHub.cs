namespace StreamHub.Tests.EndToEnd.Hubs;

/// <summary>A hub with room for one app at a time.</summary>
public sealed class CrowdedHub() : SharedHub("--StreamHub:Apps:MaxRunning=1");
