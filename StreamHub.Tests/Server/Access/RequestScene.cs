using System.Text.Json;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Requests;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>A hub with an admin and a user, and strangers who ask.</summary>
public abstract class RequestScene : IAsyncLifetime
{
    protected const string Unregistered = "127.0.0.9";

    private readonly Dictionary<string, PersonaClient> clients = [];

    private protected FullHub Hub { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Hub = await FullHub.StartAsync();
        await Hub.AddUserAsync("boss", "admin", "127.0.0.2");
        await Hub.AddUserAsync("kim", "user", "127.0.0.7", "demo");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in clients.Values)
        {
            client.Dispose();
        }

        await Hub.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected async Task<string> DeviceOfAsync(string address)
    {
        using var home = await GetAsync(address, "/", null);
        var cookie = home.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith(DeviceCookie.Name, StringComparison.Ordinal));
        cookie.Should().Contain("httponly").And.Contain("samesite=lax");
        return cookie.Split(';')[0];
    }

    protected async Task<AccessRequest> OnlyAsync() =>
        (await Hub.Requests.ListAsync(isOpen: true, Cancellation)).Should().ContainSingle().Subject;

    protected Task<ChangeResult> ApproveAsync(long id, Approval approval) => Hub.Decisions.ApproveAsync(id, approval, default, FullHub.Actor, Cancellation);

    protected async Task<(bool Admitted, string Request)> StateAsync(string from)
    {
        using var answer = await SendAsync(from, new HttpRequestMessage(HttpMethod.Get, new Uri(Hub.Users, "/_hub/request")));
        var state = JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Cancellation));
        return (state.GetProperty("admitted").GetBoolean(), state.GetProperty("request").GetString()!);
    }

    protected async Task<string> PageAsync(string from, string path = "/")
    {
        using var answer = await GetAsync(from, path, null);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    protected Task<HttpResponseMessage> GetAsync(string from, string path, string? cookie)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Hub.Users, path)) { Headers = { { "Accept", "text/html" } } };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        return SendAsync(from, request);
    }

    protected Task<HttpResponseMessage> AskAsync(string from, string name, string app, string purpose) =>
        SendAsync(from, ("name", name), ("app", app), ("purpose", purpose));

    protected Task<HttpResponseMessage> SendAsync(string from, params (string Name, string Value)[] fields) =>
        SendAsync(from, Hub.Users.GetLeftPart(UriPartial.Authority), fields);

    protected Task<HttpResponseMessage> SendAsync(string from, string? origin, params (string Name, string Value)[] fields) =>
        SendAsync(from, origin, null, fields);

    protected Task<HttpResponseMessage> SendAsync(string from, string? origin, string? cookie, params (string Name, string Value)[] fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Hub.Users, "/_hub/request"))
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        foreach (var (name, value) in new[] { ("Origin", origin), ("Cookie", cookie) })
        {
            if (value is not null)
            {
                request.Headers.Add(name, value);
            }
        }

        return SendAsync(from, request);
    }

    protected Task<HttpResponseMessage> SendAsync(string from, HttpRequestMessage request)
    {
        if (!clients.TryGetValue(from, out var client))
        {
            clients[from] = client = new PersonaClient(from);
        }

        return client.Http.SendAsync(request, Cancellation);
    }
}
