using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd.Hubs;

/// <summary>A hub that is reached by its machine's name, too.</summary>
public sealed class NamedHub() : SharedHub($"--StreamHub:AllowedHosts:0={Browser.Named}");
