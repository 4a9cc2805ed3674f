using StreamHub.Domain.Apps;

namespace StreamHub.Server.Lifetime;

/// <summary>The apps that a new database gets beside the demo app.</summary>
internal delegate Task<IReadOnlyList<App>> FirstApps(CancellationToken cancellationToken);
