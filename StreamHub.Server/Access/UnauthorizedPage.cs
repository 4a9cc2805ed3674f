using StreamHub.Domain.Access;
using StreamHub.Server.Data;
using StreamHub.Server.Home;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;

namespace StreamHub.Server.Access;

/// <summary>What an address that is not admitted gets at any URL. It names no app and no user.</summary>
internal static class UnauthorizedPage
{
    public static async Task WriteAsync(HttpContext context, ClientAddress address, AccessDecision? decision)
    {
        if (decision is null)
        {
            var isOver = context.RequestServices.GetRequiredService<DatabaseHealth>().IsOver;
            await UserPages.WriteAsync<MessagePage>(context, StatusCodes.Status503ServiceUnavailable, new() { ["Name"] = isOver ? "Closed" : "Undecided" });
            return;
        }

        await UserPages.WriteAsync<RefusedPage>(context, StatusCodes.Status403Forbidden, new()
        {
            ["Address"] = address.ToString(),
            ["HostName"] = await context.RequestServices.GetRequiredService<ReverseDns>().FindAsync(address, context.RequestAborted),
            ["Home"] = context.Listener() == Listener.Admin ? context.Request.AddressAt(context.RequestServices.GetRequiredService<BoundListeners>().Users.Port) : null,
            ["Reason"] = decision switch
            {
                AccessDecision.Disabled => "Refused.Disabled",
                AccessDecision.Expired => "Refused.Expired",
                AccessDecision.OutsideHours => "Refused.Hours",
                AccessDecision.Admitted { User.Role: Role.Admin } => "Refused.Browser",
                AccessDecision.Admitted => "Refused.AdminsOnly",
                _ => "Refused.Text",
            },
        });
    }
}
