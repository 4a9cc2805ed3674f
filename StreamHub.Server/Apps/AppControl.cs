using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
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

/// <summary>Admins' actions on running apps: start, stop, restart, maintenance. Each action is audited before it takes effect.</summary>
internal sealed class AppControl(
    Supervisor supervisor, SessionTable sessions, RunOutput output, HoldStore holds, ConfigurationEditor editor, ConfigurationStore store, SteadyClock clock)
{
    /// <summary>The longest message to visitors in UTF-16 code units; longer ones are cut.</summary>
    public const int MaxTextLength = 300;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Starts an instance, overriding holds and quarantines.</summary>
    public Task<ChangeResult> StartAsync(InstanceKey instance, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return AskAsync(instance, "start", null, new HubEvent.StartRequested(instance, actor.Name), (before, after) => IsAccepted(before, after, instance), actor, cancellationToken);
    }

    /// <summary>Stops an instance and holds it until an admin starts it.</summary>
    public Task<ChangeResult> StopAsync(InstanceKey instance, Actor actor, CancellationToken cancellationToken) =>
        StopAsync(instance, text: null, until: null, actor, cancellationToken);

    /// <summary>Stops an instance and holds it until an admin starts it or the hold expires.</summary>
    /// <param name="text">The message to visitors; null for the default.</param>
    /// <param name="until">When the hold expires; null for never.</param>
    public async Task<ChangeResult> StopAsync(InstanceKey instance, string? text, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (Past(until) is { } past)
        {
            return await RefuseAsync("app.stop", instance.ToString(), past, actor, cancellationToken);
        }

        var hold = new Hold(actor.Name, PlainText.Line(text, MaxTextLength), until);
        return await AskAsync(
            instance, "stop", hold, new HubEvent.StopRequested(instance, hold), (_, after) => ReferenceEquals((after.Find(instance)?.Desired as Desired.Held)?.Hold, hold), actor, cancellationToken);
    }

    /// <summary>The backup of an unreadable holds file, which listed the stopped apps; null when there is none.</summary>
    public string? UnreadHolds => holds.Unread;

    /// <summary>The active maintenance; null when there is none.</summary>
    public Hold? Maintenance => supervisor.State.Maintenance;

    /// <summary>Stops all apps and holds them until an admin ends the maintenance or it expires.</summary>
    /// <param name="text">The message to visitors; null for the default.</param>
    /// <param name="until">When the maintenance expires; null for never.</param>
    public async Task<ChangeResult> BeginMaintenanceAsync(string? text, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        if (Past(until) is { } past)
        {
            return await RefuseAsync("hub.maintenance", "", past, actor, cancellationToken);
        }

        var hold = new Hold(actor.Name, PlainText.Line(text, MaxTextLength), until);
        return await TakeEffectAsync(
            new HubEvent.MaintenanceBegun(hold), "maintenance", ("hub.maintenance", "", Maintenance, hold), (_, state) => ReferenceEquals(state.Maintenance, hold), actor, cancellationToken);
    }

    /// <summary>Ends the maintenance. Apps start on demand, those with warm runs at once.</summary>
    public Task<ChangeResult> EndMaintenanceAsync(Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        return TakeEffectAsync(new HubEvent.MaintenanceEnded(actor.Name), "end of the maintenance", ("hub.opened", "", Maintenance, null), static (_, state) => state.Maintenance is null, actor, cancellationToken);
    }

    /// <summary>Replaces the run of an instance.</summary>
    /// <param name="drain">Whether open sessions may stay on the old run until the drain time ends.</param>
    /// <param name="why">The message to the people on the old run; null for none.</param>
    public Task<ChangeResult> RestartAsync(InstanceKey instance, bool drain, string? why, Actor actor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var words = PlainText.Line(why, MaxTextLength);
        return AskAsync(
            instance,
            "restart",
            new { Drain = drain, Why = words },
            new HubEvent.RestartRequested(instance, drain, words, actor.Name),
            (before, after) => IsAccepted(before, after, instance),
            actor,
            cancellationToken);
    }

    /// <summary>The open sessions of an instance, which a stop would end.</summary>
    public IReadOnlyList<AppSession> OpenSessions(InstanceKey instance) =>
        sessions.Of(instance);

    /// <summary>The hold of an instance; null for none.</summary>
    public Hold? HoldOf(InstanceKey instance) => (supervisor.State.Find(instance)?.Desired as Desired.Held)?.Hold;

    public IReadOnlyList<AppSession> OpenSessions() => sessions.All;

    /// <summary>The runs of an instance that have not ended, oldest first.</summary>
    public IReadOnlyList<Run> Runs(InstanceKey instance) => supervisor.State.Find(instance)?.Runs ?? [];

    /// <summary>The last output lines of the current or last run of an instance.</summary>
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

    // The audit comes first: an action that cannot be audited does not take effect.
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
            // No cancellation from here on: the action takes effect even if the client disconnects, and its hold must survive a restart of the hub.
            return await AskAsync(request, tookEffect).WaitAsync(Patience, clock.TimeProvider, CancellationToken.None)
                ? ChangeResult.Done(what)
                : ChangeResult.Refused(new EntryError("", $"the {what} was requested, but had no effect"));
        }
        catch (TimeoutException)
        {
            return ChangeResult.Refused(new EntryError("", $"the {what} was requested, but had no effect within {Duration.Format(Patience)}"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return ChangeResult.Refused(new EntryError("", $"the {what} is done, but could not be stored and will be lost at a restart of the hub: {exception.Message}"));
        }
    }

    /// <summary>Sends the request to the supervisor and stores changed holds after the step, however late it runs.</summary>
    /// <returns>Whether the step did what was requested.</returns>
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

    /// <summary>Whether the step accepted a start or restart: the instance is wanted afterwards, even if a new run was already starting.</summary>
    private static bool IsAccepted(HubState before, HubState after, InstanceKey instance) => before.IsOpen && after.Find(instance)?.Desired is Desired.On;

    private static bool IsHeld(HubState state, InstanceKey instance) => state.Find(instance)?.Desired is Desired.Held;

    private async Task<ChangeResult> RefuseAsync(string action, string target, EntryError why, Actor actor, CancellationToken cancellationToken)
    {
        await editor.AuditRefusalAsync(actor, action, target, [why], cancellationToken);
        return ChangeResult.Refused(why);
    }

    private EntryError? Past(DateTimeOffset? until) =>
        until <= clock.Wall ? new EntryError("until", $"'{EntryWriter.Instant(until.Value)}' is in the past: give a future instant, or none") : null;

    private EntryError? Refusal(InstanceKey key, string verb)
    {
        if (verb != "stop" && supervisor.State.Maintenance is not null)
        {
            return new EntryError("", $"the hub is in maintenance: end it first");
        }

        if (store.Current.FindApp(key.App) is not { } app)
        {
            return new EntryError("slug", $"there is no app '{key.App}'");
        }

        return (app.Instances, key.User) switch
        {
            (InstanceMode.Shared, { } user) => new EntryError("user", $"the app {app.Slug} is shared: it has no instance of '{user}'"),
            (InstanceMode.PerUser, null) => new EntryError("user", $"the app {app.Slug} has an instance for each user: give the user"),
            (InstanceMode.PerUser, { } user) when store.Current.Users.All(known => known.Name != user) && supervisor.State.Find(key) is null =>
                new EntryError("user", $"there is no user '{user}'"),
            _ => null,
        };
    }
}
