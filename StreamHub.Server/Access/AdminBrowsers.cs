using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using StreamHub.Domain.Access;
using StreamHub.Server.Http;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Access;

/// <summary>
/// What an admin shows beside the address where <c>StreamHub:AdminBrowsers</c> is <c>known</c>: a signed note that a browser gets with a
/// one-time admin link. Like the address it opens nothing by itself, so whoever gets an admin's address next is a user.
/// </summary>
internal sealed class AdminBrowsers(HubSettings settings, IDataProtectionProvider protection, SteadyClock clock)
{
    public const string Name = ".StreamHub.Admin";

    private static readonly TimeSpan Renewal = TimeSpan.FromDays(1);

    private readonly SignedCookie cookie = new(Name, "StreamHub.Admin.v1", protection, clock);

    /// <summary>Whether a browser is known as an admin's whose address it has; one that is, is remembered on.</summary>
    public bool Know(HttpContext context, User admin, Listener listener)
    {
        if (!settings.KnownAdminBrowsers)
        {
            return true;
        }

        if (cookie.Read(context.Request) is not var (text, written) || text != Text(admin))
        {
            return false;
        }

        // What the users' listener answers may be an app's, for others to keep.
        if (listener == Listener.Admin && clock.Wall - written > Renewal)
        {
            Remember(context, admin);
        }

        return true;
    }

    /// <summary>Knows the browser from now on, for 180 days from its last visit to the admin listener.</summary>
    public void Remember(HttpContext context, User admin) => cookie.Write(context, Text(admin));

    // A name can be given again, to another person.
    private static string Text(User admin) => admin.Id.ToString(CultureInfo.InvariantCulture);
}
