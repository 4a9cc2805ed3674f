using StreamHub.Domain.Access;

namespace StreamHub.Domain.Instances;

/// <summary>Who asks for a seat. All pages of a user at an address are one guest.</summary>
/// <param name="User">Who.</param>
/// <param name="Address">From where.</param>
public readonly record struct Guest(UserName User, ClientAddress Address);
