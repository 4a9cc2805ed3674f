using Microsoft.AspNetCore.Http.Features;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Http;

/// <summary>Properties of a request.</summary>
internal static class HttpRequestExtensions
{
    private const long LargestForm = 16 * 1024;

    /// <summary>Whether the response may be a page: browsers accept HTML when they navigate, scripts do not.</summary>
    public static bool AcceptsHtml(this HttpRequest request) =>
        request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>Whether a request of HTTP/1.1 asks for a WebSocket. MessageCheck has removed offers of other protocols, which Kestrel's feature still counts.</summary>
    public static bool AsksForUpgrade(this HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } && request.Headers.Upgrade.Count > 0;

    /// <summary>The origin (RFC 6454) of the page that asks, when it is one of the hub's: the public one of a known proxy that asks, else the requested one.</summary>
    public static string OwnOrigin(this HttpRequest request) =>
        request.HttpContext.Features.Get<PublicUrl>()?.Origin ?? $"{request.Scheme}{Uri.SchemeDelimiter}{request.Host.Value}";

    /// <summary>Reads a form of the hub's own pages; empty when the body is no form.</summary>
    /// <exception cref="BadHttpRequestException">The form is larger than 16 KiB, or the client sent it too slowly.</exception>
    public static async Task<IFormCollection> ReadSmallFormAsync(this HttpRequest request)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestForm;
        }

        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : FormCollection.Empty;
        }
        catch (InvalidDataException)
        {
            return FormCollection.Empty;
        }
    }
}
