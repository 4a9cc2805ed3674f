using System.Globalization;
using System.Net;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Limits;

/// <summary>T26: whoever asks too often is told to wait, and nobody else is.</summary>
public sealed class RequestRateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_of_one_address_end_at_its_share()
    {
        await using var hub = await LimitHub.StartAsync("RequestBurst=200", "RequestsPerSecond=1");
        var statuses = await AskAsync(hub.Hub.Users, LimitHub.Kim, 400);
        statuses.Count(status => status == HttpStatusCode.OK).Should().BeInRange(200, 399, "they are the burst and what comes back meanwhile");
        statuses.Count(status => status == HttpStatusCode.TooManyRequests).Should().BeInRange(1, 200);
        await hub.LeeIsServedAsync(times: 50);
        (await hub.Hub.RefusalsAsync("refused.rate")).Should().Contain(row => row.Actor == "kim" && row.Address == LimitHub.Kim && row.After!.Contains("\"path\":\"/\""));
    }

    [Fact]
    public async Task Who_is_not_let_in_may_ask_less_often()
    {
        await using var hub = await LimitHub.StartAsync("RefusedBurst=20", "RefusedPerSecond=1");
        foreach (var (who, listener) in new[] { (LimitHub.Unregistered, hub.Hub.Users), (LimitHub.Kim, hub.Hub.Admin) })
        {
            var statuses = await AskAsync(listener, who, 200);
            statuses.Count(status => status == HttpStatusCode.Forbidden).Should().BeInRange(20, 199);
            statuses.Count(status => status == HttpStatusCode.TooManyRequests).Should().BeInRange(1, 180);
        }

        (await AskAsync(hub.Hub.Users, LimitHub.Kim, 200)).Should().AllBeEquivalentTo(HttpStatusCode.OK, "kim is let in here");
        (await AskAsync(hub.Hub.Users, "127.0.0.10", 20)).Should().AllBeEquivalentTo(HttpStatusCode.Forbidden, "another stranger is another address");
    }

    [Fact]
    public async Task Behind_a_known_proxy_each_client_counts_for_itself()
    {
        await using var hub = await LimitHub.StartAsync("RequestBurst=100", "RequestsPerSecond=1", "RefusedBurst=20", "RefusedPerSecond=1");
        (await AskAsync(hub.Hub.Users, LimitHub.Proxy, 300, LimitHub.FarKim)).Should().Contain(HttpStatusCode.TooManyRequests);
        (await AskAsync(hub.Hub.Users, LimitHub.Proxy, 100, null)).Should().Contain(HttpStatusCode.Forbidden).And.Contain(HttpStatusCode.TooManyRequests);
        (await AskAsync(hub.Hub.Users, LimitHub.Proxy, 90, LimitHub.FarLee)).Should().AllBeEquivalentTo(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_usual_limits_let_an_office_behind_one_address_load_its_pages()
    {
        await using var hub = await LimitHub.StartAsync();
        (await AskAsync(new Uri(hub.Hub.Users, "healthz"), LimitHub.Kim, 20 * 126)).Should().AllBeEquivalentTo(HttpStatusCode.OK);
    }

    /// <summary>Asks from an address, 20 times at once.</summary>
    private static async Task<IReadOnlyList<HttpStatusCode>> AskAsync(Uri what, string from, int times, string? forwardedFor = null)
    {
        using var person = new PersonaClient(from);
        var statuses = new HttpStatusCode[times];
        await Parallel.ForAsync(0, times, new ParallelOptions { MaxDegreeOfParallelism = 20, CancellationToken = Cancellation }, async (number, cancellation) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, what);
            if (forwardedFor is not null)
            {
                request.Headers.Add("X-Forwarded-For", forwardedFor);
            }

            using var answer = await person.Http.SendAsync(request, cancellation);
            statuses[number] = answer.StatusCode;
            if (answer.StatusCode == HttpStatusCode.TooManyRequests)
            {
                int.Parse(answer.Headers.GetValues("Retry-After").Single(), CultureInfo.InvariantCulture).Should().BePositive();
            }
        });
        return statuses;
    }
}
