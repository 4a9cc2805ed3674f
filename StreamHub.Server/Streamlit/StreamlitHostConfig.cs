using System.Text.Json;
using System.Text.Json.Nodes;
using StreamHub.Domain.Runs;
using StreamHub.Server.Http;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Overrides Streamlit's <c>_stcore/host-config</c>: only pages that may frame the app may send it messages, and the hub shows its
/// error dialogs (errors.js) and what becomes of its connection. Streamlit documents this override in its option text.
/// </summary>
internal static class StreamlitHostConfig
{
    public static AnswerRewrite Rewrite { get; } = new(MediaType: null, Change);

    private static byte[]? Change(HttpRequest request, RunId run, byte[] body)
    {
        if (Parse(body) is not { } config)
        {
            return null;
        }

        config["allowedOrigins"] = new JsonArray([request.OwnOrigin(), .. request.HttpContext.Features.Get<FramedApp>()?.App.EmbedOrigins.Select(origin => origin.ToString()) ?? []]);
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
