using StreamHub.Domain.Apps;

namespace StreamHub.Domain.Access;

/// <summary>A request that was turned away.</summary>
/// <param name="Kind">From where, why and what for; refusals of one kind are counted together.</param>
/// <param name="User">Whose the address is; null for nobody's.</param>
/// <param name="Detail">The path, or the wrong host or origin, as the client sent it; for an own app, where it connected to.</param>
public sealed record Refused(Refused.Sort Kind, UserName? User, string Detail)
{
    /// <summary>What refusals have in common that are counted together.</summary>
    /// <param name="From">The client address; null when it cannot be told, and for the rest of <paramref name="IsRest"/>.</param>
    /// <param name="App">The app that was asked for, when there is one.</param>
    /// <param name="IsRest">Whether these are all those of a reason that were too many to be told apart.</param>
    /// <param name="Token">The bearer token that was presented, when it is one of the hub's.</param>
    /// <param name="Device">Whose browser it was; <see cref="RefusalReason.Device"/>.</param>
    public readonly record struct Sort(ClientAddress? From, RefusalReason Reason, AppSlug? App, bool IsRest = false, TokenName? Token = null, UserName? Device = null);
}
