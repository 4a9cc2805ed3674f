using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using StreamHub.Server.Hosting;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Access;

/// <summary>
/// Reads the address of a request to the users' listener, once for all that follows: gate, routing and app see the same
/// path. One that could be read in two ways is refused (400). The admin listener forwards nothing, and the names of users
/// in its addresses may hold any character.
/// </summary>
internal sealed class TargetCheck(RequestDelegate next, IStringLocalizer<UserText> text)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Listener() == Listener.Users)
        {
            if (!RequestTarget.TryRead(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget, out var target))
            {
                return Refusal.WriteAsync(context, StatusCodes.Status400BadRequest, text["Path.Refused"]);
            }

            context.Features.Set(target);
        }

        return next(context);
    }
}
