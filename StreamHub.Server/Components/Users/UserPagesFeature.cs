namespace StreamHub.Server.Components.Users;

/// <summary>The users' pages: static HTML, no circuit.</summary>
internal static class UserPagesFeature
{
    public static void MapUserPages(this IEndpointRouteBuilder endpoints)
    {
    }
}
