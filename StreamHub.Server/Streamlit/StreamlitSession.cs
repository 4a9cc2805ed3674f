using System.Globalization;
using Microsoft.Net.Http.Headers;
using StreamHub.Domain.Instances;
using StreamHub.Server.Gateway;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Which run a Streamlit session lives in. A reconnecting browser sends the session's id as the third subprotocol, an
/// upload carries it in its path (streamlit/web/server/starlette: starlette_websocket.py, starlette_routes.py); the launcher ends each
/// id with the number of the run.
/// </summary>
internal static class StreamlitSession
{
    private const string Uploads = "_stcore/upload_file/";
    private const int IdLength = 36;
    private const int NumberLength = 12;

    /// <summary>The run that the request's session was made by; null when it names none.</summary>
    public static RunId? RunOf(HttpRequest request, AppPath path)
    {
        var id = path.Rest.StartsWith(Uploads, StringComparison.Ordinal)
            ? path.Rest[Uploads.Length..].Split('/')[0]
            : request.Headers[HeaderNames.SecWebSocketProtocol].ToString().Split(',', StringSplitOptions.TrimEntries) is [_, _, var third, ..] ? third : "";
        return id.Length == IdLength
            && long.TryParse(id.AsSpan(IdLength - NumberLength), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var run)
            ? new RunId(run)
            : null;
    }
}
