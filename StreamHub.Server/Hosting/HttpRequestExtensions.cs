namespace StreamHub.Server.Hosting;

/// <summary>What a request asks for.</summary>
internal static class HttpRequestExtensions
{
    /// <summary>Whether a page can be shown in answer: a browser that navigates says so, a script does not.</summary>
    public static bool AcceptsHtml(this HttpRequest request) =>
        request.Headers.Accept.Any(accept => accept?.Contains("text/html", StringComparison.OrdinalIgnoreCase) == true);
}
