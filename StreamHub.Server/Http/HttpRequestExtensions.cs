using Microsoft.AspNetCore.Http.Features;

namespace StreamHub.Server.Http;

/// <summary>What a request asks for.</summary>
internal static class HttpRequestExtensions
{
    private const long LargestForm = 16 * 1024;

    /// <summary>Whether a page can be shown in answer: a browser that navigates says so, a script does not.</summary>
    public static bool AcceptsHtml(this HttpRequest request) =>
        request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);

    /// <summary>The origin (RFC 6454) that is asked, as its own pages name it.</summary>
    public static string OwnOrigin(this HttpRequest request) => $"{request.Scheme}{Uri.SchemeDelimiter}{request.Host.Value}";

    /// <summary>The fields of a form of the hub's own pages; none when it is no form.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than 16 KiB, or came too slowly.</exception>
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
