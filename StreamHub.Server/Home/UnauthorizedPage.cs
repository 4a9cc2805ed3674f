using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Data;
using StreamHub.Server.Listeners;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Home;

/// <summary>The page for unauthenticated people at any URL. It reveals no app and no user.</summary>
internal sealed class UnauthorizedPage(DatabaseHealth health, ReverseDns names, ListenerLinks links)
{
    /// <inheritdoc cref="RefusalPage"/>
    public async Task WriteAsync(HttpContext context, ClientAddress address, AccessDecision? decision)
    {
        if (decision is null)
        {
            await UserPages.WriteAsync<MessagePage>(context, StatusCodes.Status503ServiceUnavailable, new() { ["Name"] = health.IsOver ? "Closed" : "Undecided" });
            return;
        }

        await UserPages.WriteAsync<RefusedPage>(context, StatusCodes.Status403Forbidden, new()
        {
            ["Address"] = address.ToString(),
            ["HostName"] = await names.FindAsync(address, context.RequestAborted),
            ["Home"] = context.Listener() == Listener.Admin ? links.From(context.Request.Scheme, context.Request.Host.Host, Listener.Users) : null,
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
