namespace StreamHub.Domain.Instances;

/// <summary>How a ready run is unresponsive.</summary>
public enum HungReason
{
    /// <summary>It does not answer HTTP requests.</summary>
    NoAnswer,

    /// <summary>It answers HTTP requests, but a test script in it does not finish.</summary>
    NoScript,
}
