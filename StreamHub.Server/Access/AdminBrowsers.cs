using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using StreamHub.Domain.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// The second factor of admins where <c>StreamHub:AdminBrowsers</c> is <c>known</c>: a signed cookie that a browser receives when it redeems a
/// one-time admin link. The cookie grants no access by itself; the address is required as well. The next owner of an admin's address is therefore a
/// plain user.
/// </summary>
internal sealed class AdminBrowsers(HubSettings settings, IDataProtectionProvider protection, SteadyClock clock)
{
    public const string Name = ".StreamHub.Admin";

    private static readonly TimeSpan Renewal = TimeSpan.FromDays(1);

    private readonly SignedCookie cookie = new(Name, "StreamHub.Admin.v1", protection, clock);

    /// <summary>Whether the browser may act as the admin at this address.</summary>
    public bool IsKnown(HttpRequest request, User admin) => !settings.KnownAdminBrowsers || IsKnown(request, admin, out _);

    /// <summary>
    /// Renews the cookie of a known browser. Only on the admin listener: an app on the users' listener could store the response and replay it to
    /// other clients.
    /// </summary>
    public void Renew(HttpContext context, User admin)
    {
        if (settings.KnownAdminBrowsers && IsKnown(context.Request, admin, out var written) && clock.Wall - written > Renewal)
        {
            Remember(context, admin);
        }
    }

    /// <summary>Sets the cookie. It is valid for 180 days after the last request to the admin listener.</summary>
    public void Remember(HttpContext context, User admin) => cookie.Write(context, Text(admin));

    private bool IsKnown(HttpRequest request, User admin, out DateTimeOffset written)
    {
        (var text, written) = cookie.Read(request) ?? ("", default);
        return text == Text(admin);
    }

    // The id, because a user name can be assigned again to another person.
    private static string Text(User admin) => admin.Id.ToString(CultureInfo.InvariantCulture);
}
