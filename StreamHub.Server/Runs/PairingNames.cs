namespace StreamHub.Server.Runs;

/// <summary>The variable and the header that carry a run's secret. Runs reject requests without it.</summary>
internal static class PairingNames
{
    /// <summary>The environment variable that gives the secret to the run.</summary>
    public const string Variable = "STREAMHUB_PAIRING";

    /// <summary>The header with the secret in each request of the hub.</summary>
    public const string Header = "X-StreamHub-Pairing";
}
