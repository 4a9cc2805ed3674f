namespace StreamHub.Tests.TestKit;

/// <summary>Names the origin that is asked with each request that may change something and names none, as the hub's own pages and its admins' scripts do.</summary>
internal sealed class OwnOrigin : DelegatingHandler
{
    /// <summary>The origin of an address, also of a WebSocket's.</summary>
    public static string Of(Uri address) => $"{(address.Scheme is "wss" or "https" ? "https" : "http")}://{address.Authority}";

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Get && request.Method != HttpMethod.Head && !request.Headers.Contains("Origin"))
        {
            request.Headers.Add("Origin", Of(request.RequestUri!));
        }

        return base.SendAsync(request, cancellationToken);
    }
}
