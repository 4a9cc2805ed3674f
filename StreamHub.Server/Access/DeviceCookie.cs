using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using StreamHub.Domain.Access;
using StreamHub.Server.Data;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Access;

/// <summary>
/// A signed note in the browser of whoever was let in: as whom, from where, when. It opens nothing. When the same browser
/// turns up at an address that the hub does not know, an admin is told who that probably is.
/// </summary>
internal sealed class DeviceCookie(IDataProtectionProvider protection, RefusalLog log, SteadyClock clock)
{
    /// <summary>Apps never see it: see the proxy's treatment of <c>.StreamHub.</c> cookies.</summary>
    public const string Name = ".StreamHub.Device";

    private static readonly TimeSpan Memory = TimeSpan.FromDays(180);
    private static readonly TimeSpan Renewal = TimeSpan.FromHours(1);

    private readonly IDataProtector protector = protection.CreateProtector("StreamHub.Device.v1");

    /// <summary>
    /// Gives the browser its note, or a fresh one when it is an hour old or says something else. Where it says somebody else (the
    /// address has changed hands, or the browser has), the audit tells.
    /// </summary>
    public void Renew(HttpContext context, Visitor visitor)
    {
        var (user, address, now) = (visitor.User.Name.ToString(), visitor.Address.ToString(), clock.Wall);
        var known = Read(context.Request);
        if (known is not null && known.User == user && known.Address == address && now - known.Seen < Renewal)
        {
            return;
        }

        if (known is not null && known.User != user && UserName.TryParse(known.User, out var whose))
        {
            log.Note(new Refused(new Refused.Sort(visitor.Address, RefusalReason.Device, null, Device: whose), visitor.User.Name, known.Address));
        }

        var note = string.Create(CultureInfo.InvariantCulture, $"{now.ToUnixTimeSeconds()} {address} {user}");
        context.Response.Cookies.Append(Name, protector.Protect(note), new CookieOptions
        {
            MaxAge = Memory,
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            Path = "/",
            IsEssential = true,
        });
    }

    /// <returns>Null without a note that this hub wrote within the last 180 days.</returns>
    public KnownDevice? Read(HttpRequest request)
    {
        if (request.Cookies[Name] is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            return protector.Unprotect(text).Split(' ', 3) is [var seconds, var address, var user]
                && DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)) is var seen
                && clock.Wall - seen < Memory
                ? new KnownDevice(user, address, seen)
                : null;
        }
        catch (CryptographicException)
        {
            // Made up, cut off, or of another hub.
            return null;
        }
    }
}
