using StreamHub.Domain.Access;

namespace StreamHub.Server.Tokens;

/// <summary>The script that a request comes from, let in by its token.</summary>
/// <param name="Address">The client address, which the token does not depend on.</param>
/// <param name="Token">The token.</param>
internal sealed record TokenBearer(ClientAddress Address, ApiToken Token);
