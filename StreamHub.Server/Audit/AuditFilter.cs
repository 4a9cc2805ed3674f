namespace StreamHub.Server.Audit;

/// <summary>Selects audit entries. Texts ignore the case of Latin letters; null selects all.</summary>
public sealed record AuditFilter
{
    public static AuditFilter All { get; } = new();

    /// <summary>A text anywhere in the entry.</summary>
    public string? Text { get; init; }

    /// <summary>The start of the actor's name.</summary>
    public string? Actor { get; init; }

    /// <summary>The start of the action: <c>refused</c>, <c>user.</c>.</summary>
    public string? Action { get; init; }

    /// <summary>The start of the target.</summary>
    public string? Target { get; init; }

    /// <summary>The first instant, inclusive.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>The end, exclusive.</summary>
    public DateTimeOffset? Until { get; init; }
}
