namespace StreamHub.Server.Http;

/// <summary>Answers that several places give.</summary>
internal static class HttpResponseExtensions
{
    /// <summary>What follows is another page, asked for with GET: 303, RFC 9110, 15.4.4.</summary>
    public static void SeeOther(this HttpResponse response, string location)
    {
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = location;
    }
}
