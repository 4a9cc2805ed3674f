using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Http;

/// <summary>A note of the hub's in a browser, signed, with the moment when it was written. Apps never see it: see the proxy's treatment of <c>.StreamHub.</c> cookies.</summary>
/// <param name="purpose">What keeps notes of one kind from being taken for another's.</param>
internal sealed class SignedCookie(string name, string purpose, IDataProtectionProvider protection, SteadyClock clock)
{
    private static readonly TimeSpan Memory = TimeSpan.FromDays(180);

    private readonly IDataProtector protector = protection.CreateProtector(purpose);

    public void Write(HttpContext context, string text)
    {
        var note = string.Create(CultureInfo.InvariantCulture, $"{clock.Wall.ToUnixTimeSeconds()} {text}");
        context.Response.Cookies.Append(name, protector.Protect(note), new CookieOptions
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
    public (string Text, DateTimeOffset Written)? Read(HttpRequest request)
    {
        if (request.Cookies[name] is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            return protector.Unprotect(text).Split(' ', 2) is [var seconds, var note]
                && DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture)) is var written
                && clock.Wall - written < Memory
                ? (note, written)
                : null;
        }
        catch (CryptographicException)
        {
            // Made up, cut off, or of another hub.
            return null;
        }
    }
}
