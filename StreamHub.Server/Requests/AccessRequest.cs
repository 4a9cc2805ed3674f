using StreamHub.Server.Access;
using StreamHub.Server.Data;

namespace StreamHub.Server.Requests;

/// <summary>What a visitor asked for, and what became of it.</summary>
/// <param name="Id">Its number; later requests have higher ones.</param>
/// <param name="At">When it was asked.</param>
/// <param name="Address">From where.</param>
/// <param name="HostName">What the name server called the address; null when it knew none.</param>
/// <param name="User">Whose address it was at the time; null for nobody's.</param>
/// <param name="Name">Who the visitor says they are.</param>
/// <param name="App">The app that is wanted, in the visitor's words: a slug, a name or nothing.</param>
/// <param name="Purpose">What for, in the visitor's words.</param>
/// <param name="Device">Whose browser it probably is; null for one that was never let in.</param>
/// <param name="State">What became of it.</param>
/// <param name="Note">What the admin told the visitor.</param>
/// <param name="DecidedBy">The admin; null while it is open.</param>
/// <param name="DecidedAt">When it was decided; null while it is open.</param>
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
