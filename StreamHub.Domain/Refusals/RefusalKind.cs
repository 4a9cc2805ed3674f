using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Tokens;

namespace StreamHub.Domain.Refusals;

/// <summary>The key by which refusals are counted together.</summary>
/// <param name="From">The client address; null when unknown, and for <paramref name="IsRest"/>.</param>
/// <param name="App">The requested app; null for none.</param>
/// <param name="IsRest">Whether this counts the remaining kinds of a reason, beyond the limit of separate kinds.</param>
/// <param name="Token">The presented bearer token, if it is known.</param>
/// <param name="Device">The owner of the browser; <see cref="RefusalReason.Device"/>.</param>
public readonly record struct RefusalKind(ClientAddress? From, RefusalReason Reason, AppSlug? App, bool IsRest = false, TokenName? Token = null, UserName? Device = null);
