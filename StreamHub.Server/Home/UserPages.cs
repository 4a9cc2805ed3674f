using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace StreamHub.Server.Home;

/// <summary>Renders the users' pages: static, nothing loaded from elsewhere, nothing inline.</summary>
internal static class UserPages
{
    public static Task WriteAsync<TPage>(HttpContext context, int status, Dictionary<string, object?> parameters)
        where TPage : IComponent =>
        new RazorComponentResult<TPage>(parameters) { StatusCode = status }.ExecuteAsync(context);
}
