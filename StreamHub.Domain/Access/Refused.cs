using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Access;

/// <summary>A refused request.</summary>
/// <param name="Kind">Client address, reason and target; refusals of one kind are counted together.</param>
/// <param name="User">The owner of the address; null for none.</param>
/// <param name="Detail">The path, or the wrong host or origin, as the client sent it; for an own app, its connection target.</param>
public sealed record Refused(Refused.Sort Kind, UserName? User, string Detail)
{
    /// <summary>The key by which refusals are counted together.</summary>
    /// <param name="From">The client address; null when unknown, and for <paramref name="IsRest"/>.</param>
    /// <param name="App">The requested app; null for none.</param>
    /// <param name="IsRest">Whether this counts the remaining kinds of a reason, beyond the limit of separate kinds.</param>
    /// <param name="Token">The presented bearer token, if it is known.</param>
    /// <param name="Device">The owner of the browser; <see cref="RefusalReason.Device"/>.</param>
    public readonly record struct Sort(ClientAddress? From, RefusalReason Reason, AppSlug? App, bool IsRest = false, TokenName? Token = null, UserName? Device = null);
}
