using System.Text.Json.Serialization;

namespace StreamHub.Server.Tokens;

/// <summary>The metadata of a bearer token, without its secret.</summary>
/// <param name="Scope"><c>read</c> or <c>write</c>.</param>
/// <param name="Expires">Null for no expiry.</param>
/// <param name="LastUsed">The last successful use, to the minute; null for never.</param>
/// <param name="LastAddress">The client address of that use.</param>
/// <param name="Revoked">Null for a token that is not revoked.</param>
public sealed record TokenInfo(
    string Name,
    string Scope,
    DateTimeOffset Created,
    string CreatedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Expires,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? LastUsed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LastAddress,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Revoked);
