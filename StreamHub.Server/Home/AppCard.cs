using StreamHub.Domain.Apps;

namespace StreamHub.Server.Home;

/// <summary>One of the visitor's apps.</summary>
/// <param name="Slug">Its name in addresses.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Status">Where it is.</param>
public sealed record AppCard(AppSlug Slug, string Name, AppStatus Status);
