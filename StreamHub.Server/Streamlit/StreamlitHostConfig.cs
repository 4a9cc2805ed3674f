using System.Text.Json;
using System.Text.Json.Nodes;
using StreamHub.Server.Http;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Overrides Streamlit's <c>_stcore/host-config</c>: only the hub's origin may send postMessage to the app, and the hub shows
/// connection errors. Streamlit documents this override in its option text.
/// </summary>
internal static class StreamlitHostConfig
{
    public static AnswerRewrite Rewrite { get; } = new(MediaType: null, Change);

    private static byte[]? Change(HttpRequest request, byte[] body)
    {
        if (Parse(body) is not { } config)
        {
            return null;
        }

        config["allowedOrigins"] = new JsonArray(request.OwnOrigin());
        config["blockErrorDialogs"] = true;
        config["enableCustomParentMessages"] = false;
        return JsonSerializer.SerializeToUtf8Bytes(config);
    }

    private static JsonObject? Parse(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
