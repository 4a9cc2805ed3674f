using System.Runtime.Versioning;

namespace StreamHub.Tests.Faults;

/// <summary>Where a fault happens.</summary>
/// <param name="Random">Where its details come from.</param>
/// <param name="Sessions">The sessions that are being worked in, one for each app.</param>
[SupportedOSPlatform("linux")]
internal sealed record FaultScene(FaultHub Hub, Random Random, IReadOnlyDictionary<string, SessionHolder> Sessions)
{
    private const int Answers = 3;

    /// <summary>Any of the apps.</summary>
    public string AnySlug() => Hub.Slugs[Random.Next(Hub.Slugs.Count)];

    /// <summary>What the apps and their sessions are now.</summary>
    public async Task<Dictionary<string, AppAnswer>> ServedAsync()
    {
        var served = new Dictionary<string, AppAnswer>(StringComparer.Ordinal);
        foreach (var slug in Hub.Slugs)
        {
            served[slug] = await Hub.ServedAsync(slug);
        }

        return served;
    }

    /// <summary>Waits until a session is answered several times more; returns the last answer.</summary>
    public async Task<AppAnswer> AnsweredAsync(string slug)
    {
        var (session, before) = (Sessions[slug], Sessions[slug].Answers);
        await Hub.UntilAsync(() => Task.FromResult(session.Answers >= before + Answers), $"the session in {slug} is answered");
        return session.Last!;
    }

    /// <summary>Requires that the same processes serve, and the same sessions go on in them.</summary>
    public async Task NothingIsLostAsync(Dictionary<string, AppAnswer> served, Dictionary<string, AppAnswer> sessions)
    {
        foreach (var slug in Hub.Slugs)
        {
            var now = await Hub.ServedAsync(slug);
            Hub.Require(now.Pid == served[slug].Pid, $"{slug} is served by {now.Pid} instead of {served[slug].Pid}");
            var session = await AnsweredAsync(slug);
            Hub.Require(session.Session == sessions[slug].Session, $"the session in {slug} is {session.Session} instead of {sessions[slug].Session}");
        }
    }

    /// <summary>The sessions now, each answered.</summary>
    public async Task<Dictionary<string, AppAnswer>> AnsweredAsync()
    {
        var answered = new Dictionary<string, AppAnswer>(StringComparer.Ordinal);
        foreach (var slug in Hub.Slugs)
        {
            answered[slug] = await AnsweredAsync(slug);
        }

        return answered;
    }

    /// <summary>Some time, of no meaning but that it differs.</summary>
    public Task PauseAsync(int maxMilliseconds)
    {
        var pause = TimeSpan.FromMilliseconds(Random.NextDouble() * maxMilliseconds);
        Hub.History.Note("fault", $"pause of {pause.TotalMilliseconds:F0} ms");
        return Task.Delay(pause, TimeProvider.System);
    }
}
