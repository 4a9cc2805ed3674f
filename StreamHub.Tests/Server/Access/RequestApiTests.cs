using System.Net;
using System.Text;
using System.Text.Json;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Requests;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Access;

/// <summary>Requests for access as scripts decide on them.</summary>
public sealed class RequestApiTests : IAsyncLifetime
{
    private static readonly ClientAddress Unregistered = ClientAddress.Parse("127.0.0.9");

    private readonly PersonaClient boss = new("127.0.0.2");
    private FullHub hub = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync();
        await hub.AddUserAsync("boss", "admin", "127.0.0.2");
        await hub.AddUserAsync("all", "user", "127.0.0.8/29");
        await hub.Get<AccessRequests>().AskAsync(Unregistered, owner: null, device: null, new AccessRequestForm("Lee", "demo", ""), Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        boss.Dispose();
        await hub.DisposeAsync();
    }

    [Fact]
    public async Task An_approval_is_planned_and_then_done_once()
    {
        var list = JsonSerializer.Deserialize<JsonElement>(await boss.Http.GetStringAsync(new Uri(hub.Admin, "/api/v1/requests"), Cancellation));
        list[0].GetProperty("state").GetString().Should().Be("open");

        const string Body = """{ "newUser": "Lee", "apps": ["demo"] }""";
        const string Warning = "127.0.0.9 of Lee lies within 127.0.0.8/29 of all: Lee wins there";
        var (status, plan) = await PostAsync("approve?dryRun=true", Body);
        (status, plan.GetProperty("warnings")[0].GetString()).Should().Be((HttpStatusCode.OK, Warning));
        plan.GetProperty("changes").EnumerateArray().Select(line => line.GetString()).Should().Equal("user Lee: created", "request 1: Approved");
        (await hub.Requests.CountOpenAsync(Cancellation)).Should().Be(1, "a plan changes nothing");

        var (done, lines) = await PostAsync("approve", Body);
        done.Should().Be(HttpStatusCode.OK);
        lines.EnumerateArray().Select(line => line.GetString()).Should().Equal("user Lee: created", "request 1: Approved", $"warning: {Warning}");
        hub.Get<CurrentPolicy>().Decide(Unregistered)!.Claim!.Value.User.Name.ToString().Should().Be("Lee");
        (await PostAsync("decline?note=no", null)).Status.Should().Be(HttpStatusCode.BadRequest);
        (await PostAsync("approve?dryRun=true", Body)).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData("""{ "newUser": "Lee", "app": ["demo"] }""", "app")]
    [InlineData("""{ "newUser": "Lee", "apps": "demo" }""", "apps")]
    [InlineData("""{ "newUser": "Lee", "expires": "2999-12-31T00:00:00" }""", "expires")]
    [InlineData("""{ "newUser": "Lee", "expires": "2999-12-31" }""", "expires")]
    public async Task A_body_that_says_something_else_than_it_seems_is_refused_with_its_place(string body, string path)
    {
        var (status, problem) = await PostAsync("approve", body);
        (status, problem.GetProperty("errors").EnumerateObject().Single().Name).Should().Be((HttpStatusCode.BadRequest, path));
        (await hub.Requests.CountOpenAsync(Cancellation)).Should().Be(1);
    }

    [Fact]
    public async Task A_block_is_made_listed_and_lifted()
    {
        (await PostAsync("block?note=enough", null)).Status.Should().Be(HttpStatusCode.OK);
        var decided = JsonSerializer.Deserialize<JsonElement>(await boss.Http.GetStringAsync(new Uri(hub.Admin, "/api/v1/requests?open=false"), Cancellation));
        (decided[0].GetProperty("state").GetString(), decided[0].GetProperty("note").GetString()).Should().Be(("blocked", "enough"));
        (await AskAgainAsync()).Should().Be(SubmitResult.Refused);
        (await PostAsync("unblock", null)).Status.Should().Be(HttpStatusCode.OK);
        (await PostAsync("unblock", null)).Status.Should().Be(HttpStatusCode.BadRequest, "it is lifted already");
        (await AskAgainAsync()).Should().Be(SubmitResult.Sent);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<SubmitResult> AskAgainAsync() =>
        hub.Get<AccessRequests>().AskAsync(Unregistered, owner: null, device: null, new AccessRequestForm("Lee", "demo", ""), Cancellation);

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string verb, string? json)
    {
        using var body = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        using var answer = await boss.Http.PostAsync(new Uri(hub.Admin, $"/api/v1/requests/1/{verb}"), body, Cancellation);
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync(Cancellation)));
    }
}
