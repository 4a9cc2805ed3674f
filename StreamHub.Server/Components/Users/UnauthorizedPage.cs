using StreamHub.Domain.Access;

namespace StreamHub.Server.Components.Users;

/// <summary>What an address that is not admitted gets at any URL. It names no app and no user.</summary>
internal static class UnauthorizedPage
{
    public static Task WriteAsync(HttpContext context, ClientAddress address, AccessDecision decision) =>
        UserPages.WriteAsync<RefusedPage>(context, StatusCodes.Status403Forbidden, new()
        {
            ["Address"] = address.ToString(),
            ["Reason"] = decision switch
            {
                AccessDecision.Disabled => "Refused.Disabled",
                AccessDecision.Expired => "Refused.Expired",
                AccessDecision.OutsideHours => "Refused.Hours",
                AccessDecision.Admitted => "Refused.AdminsOnly",
                _ => "Refused.Text",
            },
        });
}
