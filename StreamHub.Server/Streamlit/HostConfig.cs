using System.Text.Json;
using System.Text.Json.Nodes;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Gateway;
using StreamHub.Server.Http;
using StreamHub.Server.Runs;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Streamlit's <c>_stcore/host-config</c>, in the hub's words: the shell's origin may talk to the app by postMessage and
/// nobody else, and connection errors are the shell's to show. Streamlit's own option text asks for this override.
/// </summary>
internal sealed class HostConfig(AppForwarder forwarder, RunSecrets secrets)
{
    public async Task AnswerAsync(HttpContext context, App app, RunId run, AppEndpoint endpoint, CancellationToken cancellationToken)
    {
        var config = await ReadAsync(new Uri($"{endpoint.Origin}/{app.BasePath}/_stcore/host-config"), secrets.Pairing(run), cancellationToken);
        if (config is null)
        {
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return;
        }

        config["allowedOrigins"] = new JsonArray(context.Request.OwnOrigin());
        config["blockErrorDialogs"] = true;
        config["enableCustomParentMessages"] = false;
        context.Response.Headers.CacheControl = "no-cache";
        await context.Response.WriteAsJsonAsync(config, cancellationToken);
    }

    private async Task<JsonObject?> ReadAsync(Uri address, string pairing, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await forwarder.GetAsync(address, pairing, cancellationToken);
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return response.IsSuccessStatusCode ? await JsonNode.ParseAsync(body, cancellationToken: cancellationToken) as JsonObject : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException or IOException)
        {
            return null;
        }
    }
}
