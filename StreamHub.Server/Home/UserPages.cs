using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace StreamHub.Server.Home;

/// <summary>Renders the users' pages: static HTML without external resources and inline code.</summary>
internal static class UserPages
{
    public static Task WriteAsync<TPage>(HttpContext context, int status, Dictionary<string, object?> parameters)
        where TPage : IComponent =>
        new RazorComponentResult<TPage>(parameters) { StatusCode = status }.ExecuteAsync(context);
}
