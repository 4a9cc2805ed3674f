using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>
/// Writes the page that an unauthenticated person sees; the status (403, 503) is set already. The decision is null while it cannot be known,
/// and <see cref="AccessDecision.Admitted"/> on the admin listener for a user who is no admin or an admin in an unknown browser.
/// </summary>
internal delegate Task RefusalPage(HttpContext context, ClientAddress address, AccessDecision? decision);
