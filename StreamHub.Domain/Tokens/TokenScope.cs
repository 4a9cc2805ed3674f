
namespace StreamHub.Domain.Tokens;

/// <summary>The permissions of a bearer token.</summary>
public enum TokenScope
{
    /// <summary>Reads and the live feed.</summary>
    Read,

    /// <summary>Also every change that an admin may make, except to tokens.</summary>
    Write,
}
