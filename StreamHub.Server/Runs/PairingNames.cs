namespace StreamHub.Server.Runs;

/// <summary>How a run is told its word, and shown it: who does not know it is not the hub.</summary>
internal static class PairingNames
{
    /// <summary>The environment variable that tells a run.</summary>
    public const string Variable = "STREAMHUB_PAIRING";

    /// <summary>The header by which the hub shows it with each request.</summary>
    public const string Header = "X-StreamHub-Pairing";
}
