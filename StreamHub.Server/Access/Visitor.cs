using StreamHub.Domain.Access;

namespace StreamHub.Server.Access;

/// <summary>Who a request comes from, decided once by the gate.</summary>
/// <param name="Address">The client address.</param>
/// <param name="User">The user in force that the address belongs to.</param>
public sealed record Visitor(ClientAddress Address, User User);
