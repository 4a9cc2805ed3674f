using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>
/// Writes the page that a person sees who is not let in; the status (403, 503) is set already. On the admin listener the
/// decision may be <see cref="AccessDecision.Admitted"/>: a user in force who is no admin, or an admin whose browser is not known. It is null when it cannot be known.
/// </summary>
internal delegate Task RefusalPage(HttpContext context, ClientAddress address, AccessDecision? decision);
