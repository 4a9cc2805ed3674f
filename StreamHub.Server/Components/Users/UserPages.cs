using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace StreamHub.Server.Components.Users;

/// <summary>Renders the users' pages: static, never cached, nothing loaded from elsewhere, nothing inline.</summary>
internal static class UserPages
{
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; object-src 'none'; frame-ancestors 'self'";

    public static Task WriteAsync<TPage>(HttpContext context, int status, Dictionary<string, object?> parameters)
        where TPage : IComponent
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return new RazorComponentResult<TPage>(parameters) { StatusCode = status }.ExecuteAsync(context);
    }
}
