namespace StreamHub.Server.Http;

/// <summary>Common responses.</summary>
internal static class HttpResponseExtensions
{
    /// <summary>Redirects to a page to be loaded with GET: 303, RFC 9110, 15.4.4.</summary>
    public static void SeeOther(this HttpResponse response, string location)
    {
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = location;
    }
}
