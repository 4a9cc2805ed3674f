using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Audit;
using StreamHub.Server.Http;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Access;

/// <summary>
/// A signed cookie in the browser of an authenticated visitor: user, address, time. It grants no access. When the same browser requests access from
/// an unknown address, the admin sees the probable user.
/// </summary>
internal sealed class DeviceCookie(IDataProtectionProvider protection, RefusalLog log, SteadyClock clock)
{
    public const string Name = ".StreamHub.Device";

    private static readonly TimeSpan Renewal = TimeSpan.FromHours(1);

    private readonly SignedCookie cookie = new(Name, "StreamHub.Device.v2", protection, clock);

    /// <summary>
    /// Sets the cookie, or renews one that is an hour old or differs. A cookie of another user means that the address or the browser changed hands;
    /// the audit records it. An unknown browser at an admin's address receives no cookie: elsewhere it would be shown as the admin's.
    /// </summary>
    public void Renew(HttpContext context, Visitor visitor)
    {
        if (visitor.IsInUnknownBrowser)
        {
            log.Note(new Refused(new RefusalKind(visitor.Address, RefusalReason.Browser, null), visitor.User.Name, context.Request.Path.Value ?? ""));
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
            log.Note(new Refused(new RefusalKind(visitor.Address, RefusalReason.Device, null, Device: whose), visitor.User.Name, known.Address));
        }

        cookie.Write(context, string.Create(CultureInfo.InvariantCulture, $"{address} {visitor.User.Id}"));
    }

    /// <returns>Null without a cookie from the last 180 days for an existing user. Found by id: the name may belong to another user by now.</returns>
    public KnownDevice? Read(HttpRequest request) =>
        cookie.Read(request) is var (text, written) && text.Split(' ', 2) is [var address, var id]
        && request.HttpContext.Configuration().Users.FirstOrDefault(user => user.Id.ToString(CultureInfo.InvariantCulture) == id) is { } user
            ? new KnownDevice(user.Name.ToString(), address, written)
            : null;
}
