using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>
/// Writes the page for an unauthenticated person; the status (403, 503) is set already. The decision is null while none is available, and
/// <see cref="AccessDecision.Admitted"/> on the admin listener for a user without the admin role or an admin in an unknown browser.
/// </summary>
internal delegate Task RefusalPage(HttpContext context, ClientAddress address, AccessDecision? decision);
