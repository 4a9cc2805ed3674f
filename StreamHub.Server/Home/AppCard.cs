using StreamHub.Domain.Apps;

namespace StreamHub.Server.Home;

/// <summary>One of the visitor's apps.</summary>
public sealed record AppCard(AppSlug Slug, string Name, AppStatus Status);
