using Microsoft.Extensions.Primitives;

namespace StreamHub.Server.Gateway;

/// <summary>Keeps the hub's cookies from apps, and the cookies of an app within its own path.</summary>
internal static class CookieFence
{
    // Of a value, bytes above 0x7F may be parts of characters: only these two are white space.
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The client's cookies without the hub's; empty for none.</summary>
    public static string Inward(StringValues cookies) => string.Join("; ",
        from header in cookies
        from cookie in header.Split(';')
        let own = cookie.Trim(Blanks)
        where own.Length > 0 && !IsHubs(own)
        select own);

    /// <summary>An app's <c>Set-Cookie</c> without <c>Domain</c> and with a path of the app; null for a cookie that is not the app's to set.</summary>
    public static string? Outward(string? cookie, AppMount mount)
    {
        string[] parts = [.. (cookie ?? "").Split(';').Select(static part => part.Trim(Blanks))];
        if (parts[0].Length == 0 || IsHubs(parts[0]))
        {
            return null;
        }

        // RFC 6265, 5.3: the last path counts. Without a valid one the browser takes the folder of the request, which is the app's. A browser
        // rejects a cookie with the prefix __Host- under any path other than /.
        var path = parts.Skip(1).Where(static part => IsAttribute(part, "path")).Select(static part => part.Split('=', 2) is [_, var value] ? value.Trim(Blanks) : "").LastOrDefault("");
        return string.Join("; ", parts.Where(static (part, index) => index == 0 || (part.Length > 0 && !IsAttribute(part, "path") && !IsAttribute(part, "domain")))
            .Concat(path.StartsWith('/') ? [$"Path={mount.CookiePath(path)}"] : []));
    }

    // Browsers send a nameless cookie as its value only: "=.StreamHub.x=1" as ".StreamHub.x=1".
    private static bool IsHubs(string cookie)
    {
        var name = cookie.AsSpan().TrimStart("= \t");
        return name.StartsWith(".StreamHub.", StringComparison.OrdinalIgnoreCase) || name.StartsWith(".AspNetCore.", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsAttribute(string part, string name) => part.Split('=', 2)[0].AsSpan().Trim(" \t").Equals(name, StringComparison.OrdinalIgnoreCase);
}
