using StreamHub.Domain.Apps;

namespace StreamHub.Server.Home;

/// <summary>A visitor's app on the home page.</summary>
public sealed record AppCard(AppSlug Slug, string Name, AppStatus Status);
