using StreamHub.Domain.Access;

namespace StreamHub.Domain.Instances;

/// <summary>A client that asks for a seat. All pages of a user at one address are one guest.</summary>
public readonly record struct Guest(UserName User, ClientAddress Address);
