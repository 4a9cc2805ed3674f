using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using StreamHub.Domain.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// The second factor of admins where <c>StreamHub:AdminBrowsers</c> is <c>known</c>: a signed cookie that a browser gets with a
/// one-time admin link. Like the address it opens nothing by itself, so the next owner of an admin's address is a user.
/// </summary>
internal sealed class AdminBrowsers(HubSettings settings, IDataProtectionProvider protection, SteadyClock clock)
{
    public const string Name = ".StreamHub.Admin";

    private static readonly TimeSpan Renewal = TimeSpan.FromDays(1);

    private readonly SignedCookie cookie = new(Name, "StreamHub.Admin.v1", protection, clock);

    /// <summary>Whether the browser may act as the admin whose address it has.</summary>
    public bool IsKnown(HttpRequest request, User admin) => !settings.KnownAdminBrowsers || IsKnown(request, admin, out _);

    /// <summary>Extends the memory of a known browser. On the admin listener only: what the users' listener answers may be an app's, for others to keep.</summary>
    public void Renew(HttpContext context, User admin)
    {
        if (settings.KnownAdminBrowsers && IsKnown(context.Request, admin, out var written) && clock.Wall - written > Renewal)
        {
            Remember(context, admin);
        }
    }

    /// <summary>Gives the browser its cookie, valid for 180 days from its last visit to the admin listener.</summary>
    public void Remember(HttpContext context, User admin) => cookie.Write(context, Text(admin));

    private bool IsKnown(HttpRequest request, User admin, out DateTimeOffset written)
    {
        (var text, written) = cookie.Read(request) ?? ("", default);
        return text == Text(admin);
    }

    // A name can be given again, to another person.
    private static string Text(User admin) => admin.Id.ToString(CultureInfo.InvariantCulture);
}
