using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Sessions;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Apps;

/// <summary>What admins do with what runs: start, stop, restart, maintenance. Each act is in the audit before it is done.</summary>
internal sealed class AppControl(
    Supervisor supervisor, SessionTable sessions, RunOutput output, HoldStore holds, ConfigurationEditor editor, ConfigurationStore store, SteadyClock clock)
{
    /// <summary>The longest text for people, in UTF-16 code units; what is beyond is cut off.</summary>
    public const int LongestText = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Starts an instance, over holds and quarantines.</summary>
    public Task<ChangeResult> StartAsync(InstanceKey instance, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return AskAsync(instance, "start", null, new HubEvent.StartRequested(instance, actor.Name), (before, after) => IsAccepted(before, after, instance), actor, cancellationToken);
    }

    /// <summary>Stops an instance and holds it stopped until an admin starts it.</summary>
    public Task<ChangeResult> StopAsync(InstanceKey instance, Actor actor, CancellationToken cancellationToken) =>
        StopAsync(instance, text: null, until: null, actor, cancellationToken);

    /// <summary>Stops an instance and holds it stopped until an admin starts it, or until it is time.</summary>
    /// <param name="instance">Which.</param>
    /// <param name="text">What visitors are told; null for the hub's own words.</param>
    /// <param name="until">When the hold is over by itself; null for never.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ChangeResult> StopAsync(InstanceKey instance, string? text, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (Past(until) is { } past)
        {
            return await RefuseAsync("app.stop", instance.ToString(), past, actor, cancellationToken);
        }

        var hold = new Hold(actor.Name, PlainText.Line(text, LongestText), until);
        return await AskAsync(
            instance, "stop", hold, new HubEvent.StopRequested(instance, hold), (_, after) => ReferenceEquals((after.Find(instance)?.Desired as Desired.Held)?.Hold, hold), actor, cancellationToken);
    }

    /// <summary>Where a file is kept that named what admins had stopped, and could not be read; null when there is none.</summary>
    public string? UnreadHolds => holds.Unread;

    /// <summary>Set while the whole hub is stopped.</summary>
    public Hold? Maintenance => supervisor.State.Maintenance;

    /// <summary>Stops every app, and holds all stopped until an admin opens the hub again, or until it is time.</summary>
    /// <param name="text">What visitors are told; null for the hub's own words.</param>
    /// <param name="until">When it is over by itself; null for never.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ChangeResult> BeginMaintenanceAsync(string? text, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (Past(until) is { } past)
        {
            return await RefuseAsync("hub.maintenance", "", past, actor, cancellationToken);
        }

        var hold = new Hold(actor.Name, PlainText.Line(text, LongestText), until);
        return await TakeEffectAsync(
            new HubEvent.MaintenanceBegun(hold), "maintenance", ("hub.maintenance", "", Maintenance, hold), (_, state) => ReferenceEquals(state.Maintenance, hold), actor, cancellationToken);
    }

    /// <summary>Opens the hub again. Apps start when they are visited, and those that are kept warm at once.</summary>
    public Task<ChangeResult> EndMaintenanceAsync(Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return TakeEffectAsync(new HubEvent.MaintenanceEnded(actor.Name), "end of the maintenance", ("hub.opened", "", Maintenance, null), static (_, state) => state.Maintenance is null, actor, cancellationToken);
    }

    /// <summary>Replaces the run of an instance.</summary>
    /// <param name="instance">Which.</param>
    /// <param name="drain">Whether open sessions may stay on the old run until the drain time ends.</param>
    /// <param name="why">What the people on the old run are told; null for nothing.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ChangeResult> RestartAsync(InstanceKey instance, bool drain, string? why, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var words = PlainText.Line(why, LongestText);
        return AskAsync(
            instance,
            "restart",
            new { Drain = drain, Why = words },
            new HubEvent.RestartRequested(instance, drain, words, actor.Name),
            (before, after) => IsAccepted(before, after, instance),
            actor,
            cancellationToken);
    }

    /// <summary>The open sessions of an instance: who would be hit.</summary>
    public IReadOnlyList<AppSession> OpenSessions(InstanceKey instance) =>
        sessions.Of(instance);

    /// <summary>What an admin said who holds an instance; null when nobody does.</summary>
    public Hold? HoldOf(InstanceKey instance) => (supervisor.State.Find(instance)?.Desired as Desired.Held)?.Hold;

    /// <summary>The open sessions of the whole hub.</summary>
    public IReadOnlyList<AppSession> OpenSessions() => sessions.All;

    /// <summary>The living runs of an instance, oldest first.</summary>
    public IReadOnlyList<Run> Runs(InstanceKey instance) => supervisor.State.Find(instance)?.Runs ?? [];

    /// <summary>The last lines that the present (or else the last) run of an instance printed.</summary>
    public IReadOnlyList<string> LogTail(InstanceKey instance, int lines)
    {
        var known = supervisor.State.Find(instance);
        var run = known?.Runs.LastOrDefault()?.Id ?? known?.LastExit?.Run;
        return run is { } id ? output.Tail(id, lines) : [];
    }

    private async Task<ChangeResult> AskAsync(
        InstanceKey key, string verb, object? how, HubEvent request, Func<HubState, HubState, bool> tookEffect, Actor actor, CancellationToken cancellationToken)
    {
        if (Refusal(key, verb) is { } refusal)
        {
            return await RefuseAsync($"app.{verb}", key.ToString(), refusal, actor, cancellationToken);
        }

        return await TakeEffectAsync(request, $"{verb} of {key}", ($"app.{verb}", key.ToString(), HoldOf(key), how), tookEffect, actor, cancellationToken) is { Succeeded: false } late
            ? late
            : ChangeResult.Done($"app {key}: {verb}");
    }

    // Written down first: what cannot be written down is not done.
    private async Task<ChangeResult> TakeEffectAsync(
        HubEvent request,
        string what,
        (string Name, string Target, object? Before, object? After) act,
        Func<HubState, HubState, bool> tookEffect,
        Actor actor,
        CancellationToken cancellationToken)
    {
        await editor.AuditAsync(actor, act.Name, act.Target, EntryWriter.Audit(act.Before), EntryWriter.Audit(act.After), cancellationToken);
        try
        {
            // From here on it takes effect whether or not the one who asked still waits, and has to outlast a restart.
            return await AskAsync(request, tookEffect).WaitAsync(Patience, clock.TimeProvider, CancellationToken.None)
                ? ChangeResult.Done(what)
                : ChangeResult.Refused(new EntryError("", $"the {what} was asked for, but has had no effect"));
        }
        catch (TimeoutException)
        {
            return ChangeResult.Refused(new EntryError("", $"the {what} was asked for, but has had no effect within {Duration.Format(Patience)}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ChangeResult.Refused(new EntryError("", $"the {what} is done, but would not outlast a restart of the hub: {exception.Message}"));
        }
    }

    /// <summary>Asks, and writes down what is held as soon as that was taken in, however late that is.</summary>
    /// <returns>Whether the step that took it in did what was asked for.</returns>
    private async Task<bool> AskAsync(HubEvent request, Func<HubState, HubState, bool> tookEffect)
    {
        var (before, after) = await supervisor.AskAsync(request);
        var concernsHolds = request switch
        {
            HubEvent.StartRequested start => IsHeld(before, start.Instance),
            HubEvent.RestartRequested restart => IsHeld(before, restart.Instance),
            _ => true,
        };
        if (concernsHolds)
        {
            holds.Keep(() => supervisor.State);
        }

        return tookEffect(before, after);
    }

    /// <summary>Whether the step took a start or restart: it leaves the instance wanted, also where a fresh run comes up already and nothing else is to be done.</summary>
    private static bool IsAccepted(HubState before, HubState after, InstanceKey instance) => before.IsOpen && after.Find(instance)?.Desired is Desired.On;

    private static bool IsHeld(HubState state, InstanceKey instance) => state.Find(instance)?.Desired is Desired.Held;

    private async Task<ChangeResult> RefuseAsync(string action, string target, EntryError why, Actor actor, CancellationToken cancellationToken)
    {
        await editor.AuditRefusalAsync(actor, action, target, [why], cancellationToken);
        return ChangeResult.Refused(why);
    }

    private EntryError? Past(DateTimeOffset? until) =>
        until <= clock.Wall ? new EntryError("until", $"'{EntryWriter.Instant(until.Value)}' is over already: give an instant to come, or none") : null;

    private EntryError? Refusal(InstanceKey key, string verb)
    {
        if (verb != "stop" && supervisor.State.Maintenance is not null)
        {
            return new EntryError("", $"the hub is in maintenance: open it first");
        }

        if (store.Current.FindApp(key.App) is not { } app)
        {
            return new EntryError("slug", $"there is no app '{key.App}'");
        }

        return (app.Instances, key.User) switch
        {
            (InstanceMode.Shared, { } user) => new EntryError("user", $"the app {app.Slug} is shared: it has no instance of '{user}'"),
            (InstanceMode.PerUser, null) => new EntryError("user", $"the app {app.Slug} has an instance for each user: say whose"),
            (InstanceMode.PerUser, { } user) when store.Current.Users.All(known => known.Name != user) && supervisor.State.Find(key) is null =>
                new EntryError("user", $"there is no user '{user}'"),
            _ => null,
        };
    }
}
