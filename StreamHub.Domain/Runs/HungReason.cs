
namespace StreamHub.Domain.Runs;

/// <summary>How a ready run fails to do its work.</summary>
public enum HungReason
{
    /// <summary>It neither answers HTTP requests nor computes.</summary>
    NoAnswer,

    /// <summary>It answers no HTTP requests because it computes.</summary>
    Busy,

    /// <summary>It answers HTTP requests, but opens no session.</summary>
    NoSession,

    /// <summary>It answers HTTP requests; one of its scripts runs without end and sends nothing.</summary>
    Silent,
}
