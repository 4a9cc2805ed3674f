namespace StreamHub.Domain.Instances;

/// <summary>In which way a ready run does not do its work.</summary>
public enum HungReason
{
    /// <summary>It does not answer at all.</summary>
    NoAnswer,

    /// <summary>It answers, but a script that is run in it does not finish.</summary>
    NoScript,
}
