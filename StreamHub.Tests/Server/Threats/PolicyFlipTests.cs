using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Configuration;

namespace StreamHub.Tests.Server.Threats;

/// <summary>
/// T40: however fast the policy changes, each answer is that of one policy, and never the users of one with the apps of another.
/// By day one address is kim's, who may open sales; by night it is lee's, who may open salesx, and another address, nobody's by
/// day, is ann's, who may open sales. All that has a name has another one by night.
/// </summary>
public sealed partial class PolicyFlipTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int FlipsPerSecond = 1000;
    private const int FewestOfEach = 50;
    private const int FewestChanges = 10 * FewestOfEach;
    private const string Cut = "cut";

    private static readonly Question[] Questions =
    [
        new(ThreatHub.Kim, "/", "200 DayKim DaySales", "200 NightExtra NightLee"),
        new(ThreatHub.Kim, "/_hub/apps", "200 {\"sales\"", "200 {\"salesx\""),
        new(ThreatHub.Kim, "/open/sales/", "200 DaySales", "403"),
        new(ThreatHub.Kim, "/open/salesx/", "403", "200 NightExtra"),
        new(ThreatHub.Kim, "/app/sales/x", "200 DayKim {\"sales\"", "403"),
        new(ThreatHub.Kim, "/app/salesx/x", "403", "200 NightLee {\"salesx\""),
        new(ThreatHub.Kim, "/app/sales/stream", "101", "403", IsSocket: true),
        new(ThreatHub.Kim, "/app/salesx/stream", "403", "101", IsSocket: true),
        new(ThreatHub.Unregistered, "/app/sales/x", "403", "200 NightAnn {\"sales\""),
        new(ThreatHub.Unregistered, "/app/sales/stream", "403", "101", IsSocket: true),
    ];

    private RecordingBackend sales = null!;
    private RecordingBackend salesX = null!;
    private FullHub hub = null!;
    private int flips;

    public async ValueTask InitializeAsync()
    {
        (sales, salesX) = (await RecordingBackend.StartAsync(), await RecordingBackend.StartAsync());
        sales.Answer = context => context.Response.WriteAsync($"{{\"sales\"}} {context.Request.Headers["X-StreamHub-User"]}");
        salesX.Answer = context => context.Response.WriteAsync($"{{\"salesx\"}} {context.Request.Headers["X-StreamHub-User"]}");
        hub = await FullHub.StartAsync(null, "Limits:RefusedPerSecond=100000", "Limits:RefusedBurst=1000000", "Limits:RequestsPerSecond=100000", "Limits:RequestBurst=1000000");
        await ThreatHub.AddAppAsync(hub, "sales", sales, "DaySales");
        await ThreatHub.AddAppAsync(hub, "salesx", salesX, "DayExtra");
        await hub.AddUserAsync("DayKim", "user", ThreatHub.Kim, "sales");
    }

    public async ValueTask DisposeAsync()
    {
        await hub.DisposeAsync();
        await sales.DisposeAsync();
        await salesX.DisposeAsync();
    }

    [Fact]
    public async Task No_answer_contradicts_both_policies_while_they_change_a_thousand_times_a_second()
    {
        // What is stored is the day's: the hub may read it again whenever it likes.
        var store = hub.Get<ConfigurationStore>();
        var day = store.Current;
        var night = HubConfiguration.Create(
            [NewUser("NightLee", ThreatHub.Kim, "salesx"), NewUser("NightAnn", ThreatHub.Unregistered, "sales")],
            day.Apps.Select(app => app with { Name = app.Name.Replace("Day", "Night", StringComparison.Ordinal) }));

        var wrong = await AskAsync(Questions, store, () => day, () => night);
        wrong.Should().BeEmpty();
        sales.Seen.Select(request => request.Headers["X-StreamHub-User"]).Distinct().Should().BeEquivalentTo("DayKim", "NightAnn");
        salesX.Seen.Select(request => request.Headers["X-StreamHub-User"]).Distinct().Should().BeEquivalentTo("NightLee");
    }

    [Fact]
    public async Task A_mixture_of_two_policies_would_be_noticed()
    {
        // In each third night the users are the night's already and the apps still the day's: of fifty nights that are answered some are such.
        var store = hub.Get<ConfigurationStore>();
        var day = store.Current;
        var users = new[] { NewUser("NightLee", ThreatHub.Kim, "salesx"), NewUser("NightAnn", ThreatHub.Unregistered, "sales") };
        var night = HubConfiguration.Create(users, day.Apps.Select(app => app with { Name = app.Name.Replace("Day", "Night", StringComparison.Ordinal) }));
        var torn = HubConfiguration.Create(users, day.Apps);

        var turn = 0;
        var wrong = await AskAsync(Questions[..1], store, () => day, () => turn++ % 3 == 0 ? torn : night);
        wrong.Should().Equal("/ got 200 DayExtra NightLee");
    }

    /// <summary>Asks questions at once, each until both policies have answered it often, while they follow one another.</summary>
    /// <returns>What is the answer of neither.</returns>
    private async Task<string[]> AskAsync(Question[] questions, ConfigurationStore store, Func<HubConfiguration> day, Func<HubConfiguration> night)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(FullHub.Patience);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(patience.Token);
        var begin = Stopwatch.GetTimestamp();
        flips = 0;
        var flipping = Task.Factory.StartNew(() => Flip(store, day, night, over.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var answers = await Task.WhenAll(questions.Select(question => Task.Run(() => AskAsync(question, patience.Token), patience.Token)));
        var seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        await over.CancelAsync();
        await flipping;
        output.WriteLine($"{flips} changes in {seconds:0.0} s, {flips / seconds:0} a second; answers by day, by night, cut: {string.Join(" · ", answers.Select(seen => $"{seen.Day}, {seen.Night}, {seen.Cut}"))}");
        flips.Should().BeGreaterThan(FewestChanges);
        return [.. answers.SelectMany(seen => seen.Wrong).Distinct()];
    }

    private async Task<(int Day, int Night, int Cut, HashSet<string> Wrong)> AskAsync(Question question, CancellationToken cancellationToken)
    {
        var (day, night, cut, wrong) = (0, 0, 0, new HashSet<string>());
        while ((question.IsOfApp ? Math.Min(Reached(question), Math.Max(day, night)) : Math.Min(day, night)) < FewestOfEach || Volatile.Read(ref flips) <= FewestChanges)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"{question.Target} was answered {day} times by day, {night} by night, cut {cut} times, reached {Reached(question)}; wrong: {string.Join(", ", wrong)}");
            }

            var answer = await AskAsync(question);
            if (answer == question.Day)
            {
                day++;
            }
            else if (answer == question.Night)
            {
                night++;
            }
            else if (answer == Cut && question.IsOfApp)
            {
                // Let in by one policy, and ended by the next before the answer was complete.
                cut++;
            }
            else
            {
                wrong.Add($"{question.Target} got {answer}");
            }
        }

        return (day, night, cut, wrong);
    }

    /// <summary>How often an app saw a question. An answer of its takes longer than a policy lasts, so that most are ended: they are refused, or cut.</summary>
    private int Reached(Question question) => sales.Seen.Concat(salesX.Seen).Count(request => request.Target == question.Target && request.Headers["X-StreamHub-User"].Contains(question.Asker, StringComparison.Ordinal));

    private async Task<string> AskAsync(Question question)
    {
        var host = hub.Users.Authority;
        string[] headers = question.IsSocket
            ? [$"Host: {host}", $"Origin: http://{host}", "Connection: Upgrade, close", "Upgrade: websocket", "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="]
            : [$"Host: {host}", "Accept: text/html"];
        var answer = await RawClient.AskAsync(question.Source, hub.Users.Port, "GET", question.Target, headers);
        var isComplete = answer.Header("Content-Length") is [var length] ? answer.Body.Length.ToString(System.Globalization.CultureInfo.InvariantCulture) == length : answer.Body.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal);
        return answer.Status == 0 || (answer.Status == 200 && !isComplete) ? Cut
            : answer.Status == 200 ? string.Join(' ', Signs().Matches(answer.Body).Select(sign => sign.Value).Distinct().Order(StringComparer.Ordinal).Prepend("200"))
            : $"{answer.Status}";
    }

    private static User NewUser(string name, string address, string app) => new(UserName.Parse(name), Role.User, [AddressRange.Parse(address)], [AppSlug.Parse(app)]);

    /// <summary>As many changes as are due, whatever the timer's grain.</summary>
    private void Flip(ConfigurationStore store, Func<HubConfiguration> day, Func<HubConfiguration> night, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!cancellationToken.WaitHandle.WaitOne(1))
        {
            for (var due = Stopwatch.GetElapsedTime(begin).TotalSeconds * FlipsPerSecond; flips < due; flips++)
            {
                store.Swap(flips % 2 == 0 ? night() : day());
            }
        }
    }

    [GeneratedRegex("(Day|Night)(Kim|Lee|Ann|Sales|Extra)|\\{\"salesx?\"")]
    private static partial Regex Signs();

    /// <summary>What is asked, and what each policy answers: the status, and of what is given out the names in it.</summary>
    private sealed record Question(string Source, string Target, string Day, string Night, bool IsSocket = false)
    {
        public bool IsOfApp => Target.StartsWith("/app/", StringComparison.Ordinal);

        /// <summary>Who asks where it is let in.</summary>
        public string Asker => Source == ThreatHub.Unregistered ? "Ann" : Target.StartsWith("/app/salesx/", StringComparison.Ordinal) ? "Lee" : "Kim";
    }
}
