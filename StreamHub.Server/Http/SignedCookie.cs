using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Http;

/// <summary>A signed cookie with its time of issue. Apps never receive it: the proxy removes <c>.StreamHub.</c> cookies.</summary>
/// <param name="purpose">Separates the signatures of different kinds of cookies.</param>
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

    /// <returns>Null without a cookie that this hub issued within the last 180 days.</returns>
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
            // Forged, truncated or issued by another hub.
            return null;
        }
    }
}
