using System.Text.Json.Serialization;

namespace StreamHub.Server.Tokens;

/// <summary>What is known of a bearer token; not its secret.</summary>
/// <param name="Name">What the admins call it.</param>
/// <param name="Scope"><c>read</c> or <c>write</c>.</param>
/// <param name="Created">When it was made.</param>
/// <param name="CreatedBy">By whom.</param>
/// <param name="Expires">When it opens nothing any more; null for no end.</param>
/// <param name="LastUsed">When it last let somebody in, to the minute; null for never.</param>
/// <param name="LastAddress">From where.</param>
/// <param name="Revoked">When it was taken back; null while it was not.</param>
public sealed record TokenInfo(
    string Name,
    string Scope,
    DateTimeOffset Created,
    string CreatedBy,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Expires,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? LastUsed,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LastAddress,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? Revoked);
