using System.Globalization;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace StreamHub.Tests.TestKit;

/// <summary>What a visitor at an admin's address does with a hub and its demo app.</summary>
internal static class DemoVisit
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan MessagePatience = TimeSpan.FromMinutes(1);

    /// <summary>The status that an address answers.</summary>
    public static async Task<HttpStatusCode> StatusAsync(PersonaClient persona, string address)
    {
        using var answer = await persona.Http.GetAsync(new Uri(address));
        return answer.StatusCode;
    }

    /// <summary>The status that redeeming a one-time admin link answers.</summary>
    public static async Task<HttpStatusCode> ClaimAsync(PersonaClient persona, string link)
    {
        using var answer = await persona.ClaimAsync(link);
        return answer.StatusCode;
    }

    /// <summary>Visits the demo app as a browser does until it answers, by a process other than <paramref name="notPid"/>; returns its process id.</summary>
    public static async Task<int> OpenAsync(HubProcess hub, PersonaClient persona, int? notPid = null)
    {
        using var patience = new CancellationTokenSource(StartPatience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, hub.UsersOrigin + "/app/demo/");
            request.Headers.Accept.ParseAdd("text/html");
            using var answer = await persona.Http.SendAsync(request, patience.Token);
            var rows = JsonSerializer.Deserialize<JsonElement>(await persona.Http.GetStringAsync(new Uri(hub.AdminOrigin + "/api/v1/instances"), patience.Token));
            var demo = rows.EnumerateArray().FirstOrDefault(row => row.GetProperty("slug").GetString() == "demo");
            if (answer.StatusCode == HttpStatusCode.OK && demo.ValueKind == JsonValueKind.Object && demo.GetProperty("pid").ValueKind == JsonValueKind.Number
                && demo.GetProperty("pid").GetInt32() is var pid && pid != notPid)
            {
                return pid;
            }

            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    /// <summary>Opens the WebSocket of its page.</summary>
    public static Task<ClientWebSocket> ConnectAsync(HubProcess hub, PersonaClient persona) =>
        persona.ConnectAsync(
            new Uri(string.Create(CultureInfo.InvariantCulture, $"ws://127.0.0.1:{hub.UsersPort}/app/demo/live")),
            options => options.SetRequestHeader("Origin", hub.UsersOrigin));

    /// <summary>The next message that the page gets.</summary>
    public static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        var buffer = new byte[1024];
        using var patience = new CancellationTokenSource(MessagePatience);
        var message = await socket.ReceiveAsync(buffer, patience.Token);
        return JsonSerializer.Deserialize<JsonElement>(Encoding.UTF8.GetString(buffer, 0, message.Count));
    }
}
