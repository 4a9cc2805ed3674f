namespace StreamHub.Domain.Access;

/// <summary>What a bearer token may do.</summary>
public enum TokenScope
{
    /// <summary>Ask, and listen to the live hub.</summary>
    Read,

    /// <summary>Also change what an admin may change, tokens left out.</summary>
    Write,
}
