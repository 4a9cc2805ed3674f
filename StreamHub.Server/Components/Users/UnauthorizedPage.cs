using StreamHub.Domain.Access;

namespace StreamHub.Server.Components.Users;

/// <summary>What an address that is not admitted gets at any URL. It names no app and no user.</summary>
internal static class UnauthorizedPage
{
    public static Task WriteAsync(HttpContext context, ClientAddress address, AccessDecision decision)
    {
        if (!context.Request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.ContentType = "text/plain; charset=utf-8";
            context.Response.Headers.CacheControl = "no-store";
            return context.Response.WriteAsync($"403: {address} is not registered.", context.RequestAborted);
        }

        return UserPages.WriteAsync<RefusedPage>(context, StatusCodes.Status403Forbidden, new()
        {
            ["Address"] = address.ToString(),
            ["IsExpired"] = decision is AccessDecision.Expired,
        });
    }
}
