using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Access;

/// <summary>
/// A signed note in the browser of whoever was let in: as whom, from where, when. It opens nothing. When the same browser
/// turns up at an address that the hub does not know, an admin is told who that probably is.
/// </summary>
internal sealed class DeviceCookie(IDataProtectionProvider protection, ConfigurationStore configuration, RefusalLog log, SteadyClock clock)
{
    public const string Name = ".StreamHub.Device";

    private static readonly TimeSpan Renewal = TimeSpan.FromHours(1);

    private readonly SignedCookie cookie = new(Name, "StreamHub.Device.v2", protection, clock);

    /// <summary>
    /// Gives the browser its note, or a fresh one when it is an hour old or says something else. Where it says somebody else (the
    /// address has changed hands, or the browser has), the audit tells. One that is not known at an admin's address gets none, or it would
    /// be taken for the admin's elsewhere.
    /// </summary>
    public void Renew(HttpContext context, Visitor visitor)
    {
        if (visitor.IsInUnknownBrowser)
        {
            log.Note(new Refused(new Refused.Sort(visitor.Address, RefusalReason.Browser, null), visitor.User.Name, context.Request.Path.Value ?? ""));
            return;
        }

        var (user, address) = (visitor.User.Name.ToString(), visitor.Address.ToString());
        var known = Read(context.Request);
        if (known is not null && known.User == user && known.Address == address && clock.Wall - known.Seen < Renewal)
        {
            return;
        }

        if (known is not null && known.User != user && UserName.TryParse(known.User, out var whose))
        {
            log.Note(new Refused(new Refused.Sort(visitor.Address, RefusalReason.Device, null, Device: whose), visitor.User.Name, known.Address));
        }

        cookie.Write(context, string.Create(CultureInfo.InvariantCulture, $"{address} {visitor.User.Id}"));
    }

    /// <returns>Null without a note that this hub wrote within the last 180 days, of a user that there still is; a name may be another's by now.</returns>
    public KnownDevice? Read(HttpRequest request) =>
        cookie.Read(request) is var (text, written) && text.Split(' ', 2) is [var address, var id]
        && configuration.Current.Users.FirstOrDefault(user => user.Id.ToString(CultureInfo.InvariantCulture) == id) is { } user
            ? new KnownDevice(user.Name.ToString(), address, written)
            : null;
}
