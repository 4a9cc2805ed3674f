namespace StreamHub.Server.Audit;

/// <summary>Which entries of the audit are meant. Texts ignore the case of Latin letters; what is null does not matter.</summary>
public sealed record AuditFilter
{
    /// <summary>Every entry.</summary>
    public static AuditFilter All { get; } = new();

    /// <summary>A text that stands anywhere in the entry.</summary>
    public string? Text { get; init; }

    /// <summary>How the actor begins.</summary>
    public string? Actor { get; init; }

    /// <summary>How the action begins: <c>refused</c>, <c>user.</c>.</summary>
    public string? Action { get; init; }

    /// <summary>How the target begins.</summary>
    public string? Target { get; init; }

    /// <summary>The first instant.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The first instant that is too late.</summary>
    public DateTimeOffset? Until { get; init; }
}
