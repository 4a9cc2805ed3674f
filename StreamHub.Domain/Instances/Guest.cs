using StreamHub.Domain.Access;

namespace StreamHub.Domain.Instances;

/// <summary>Who asks for a seat. All pages of a user at an address are one guest.</summary>
public readonly record struct Guest(UserName User, ClientAddress Address);
