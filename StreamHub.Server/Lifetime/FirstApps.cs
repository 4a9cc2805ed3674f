using StreamHub.Domain.Apps;

namespace StreamHub.Server.Lifetime;

/// <summary>Finds the initial apps of a new database, in addition to the demo app.</summary>
internal delegate Task<IReadOnlyList<App>> FirstApps(CancellationToken cancellationToken);
