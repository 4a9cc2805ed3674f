using StreamHub.Server.Access;
using StreamHub.Server.Data;

namespace StreamHub.Server.Requests;

/// <summary>A request for access and its state.</summary>
/// <param name="Id">Increases with each request.</param>
/// <param name="HostName">The host name of the address in DNS; null for none.</param>
/// <param name="User">The user of the address at that time; null for none.</param>
/// <param name="Name">The visitor's name as typed, unverified.</param>
/// <param name="App">The requested app as typed: a slug, a name or empty.</param>
/// <param name="Purpose">The purpose as typed.</param>
/// <param name="Device">The probable user of the browser; null for an unknown browser.</param>
/// <param name="Note">The admin's message to the visitor.</param>
/// <param name="DecidedBy">The admin; null while it is open.</param>
/// <param name="DecidedAt">Null while it is open.</param>
public sealed record AccessRequest(
    long Id,
    DateTimeOffset At,
    string Address,
    string? HostName,
    string? User,
    string Name,
    string App,
    string Purpose,
    KnownDevice? Device,
    AccessRequestState State,
    string? Note,
    string? DecidedBy,
    DateTimeOffset? DecidedAt);
