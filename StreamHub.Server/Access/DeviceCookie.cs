using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using StreamHub.Domain.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Access;

/// <summary>
/// A signed cookie in the browser of an authenticated visitor: user, address, time. It opens nothing. When the same browser
/// asks for access from an unknown address, the admin sees whose it probably is.
/// </summary>
internal sealed class DeviceCookie(IDataProtectionProvider protection, RefusalLog log, SteadyClock clock)
{
    public const string Name = ".StreamHub.Device";

    private static readonly TimeSpan Renewal = TimeSpan.FromHours(1);

    private readonly SignedCookie cookie = new(Name, "StreamHub.Device.v2", protection, clock);

    /// <summary>
    /// Gives the browser its cookie, or a fresh one when that is an hour old or says something else. When it names another user (the
    /// address or the browser has changed hands), the audit tells. An unknown browser at an admin's address gets none, or it would
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

    /// <returns>Null without a cookie that this hub wrote within the last 180 days for a user who still exists; by id, for a name may be another's by now.</returns>
    public KnownDevice? Read(HttpRequest request) =>
        cookie.Read(request) is var (text, written) && text.Split(' ', 2) is [var address, var id]
        && request.HttpContext.Configuration().Users.FirstOrDefault(user => user.Id.ToString(CultureInfo.InvariantCulture) == id) is { } user
            ? new KnownDevice(user.Name.ToString(), address, written)
            : null;
}
