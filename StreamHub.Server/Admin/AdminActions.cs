using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Admin.Entries;
using StreamHub.Server.Data;
using StreamHub.Server.Instances;
using StreamHub.Server.Proxy;

namespace StreamHub.Server.Admin;

/// <summary>The one way to change anything: pages, API and command line all come through here.</summary>
public sealed class AdminActions(Supervisor supervisor, SessionTable sessions, RunOutput output, ConfigurationStore configuration, TimeProvider time)
{
    /// <summary>Starts an instance, over holds and quarantines.</summary>
    public Task<ActionResult> StartAsync(InstanceKey instance, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Stops an instance and holds it stopped until an admin starts it.</summary>
    public Task<ActionResult> StopAsync(InstanceKey instance, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Replaces the run of an instance.</summary>
    /// <param name="instance">Which.</param>
    /// <param name="drain">Whether open sessions may stay on the old run until the drain time ends.</param>
    /// <param name="actor">Who.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ActionResult> RestartAsync(InstanceKey instance, bool drain, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Creates a user, or changes the one named <paramref name="original"/> (renaming included).</summary>
    public Task<ActionResult> SaveUserAsync(UserEntry entry, string? original, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Removes a user. The last admin stays.</summary>
    public Task<ActionResult> RemoveUserAsync(string name, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Creates an app, or changes the one with the slug <paramref name="original"/>; a slug cannot be changed.</summary>
    public Task<ActionResult> SaveAppAsync(AppEntry entry, string? original, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Removes an app; its runs are stopped.</summary>
    public Task<ActionResult> RemoveAppAsync(string slug, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>Creates and updates by key everything in the file, or nothing when it has an error.</summary>
    public Task<ActionResult> ApplyAsync(HubFile file, bool plan, Actor actor, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    /// <summary>The configuration in force, as entries.</summary>
    public HubFile Export() => throw new NotSupportedException();

    /// <summary>What an entry is refused for, without changing anything: inline validation of a form.</summary>
    public IReadOnlyList<EntryError> Check(UserEntry entry, string? original) => throw new NotSupportedException();

    /// <inheritdoc cref="Check(UserEntry, string?)"/>
    public IReadOnlyList<EntryError> Check(AppEntry entry, string? original) => throw new NotSupportedException();

    /// <summary>Which user and which range an address belongs to now.</summary>
    public AccessDecision Explain(ClientAddress address) => configuration.Current.Policy.Decide(address, time.GetUtcNow());

    /// <summary>The open sessions of an instance: who would be hit.</summary>
    public IReadOnlyList<AppSession> OpenSessions(InstanceKey instance) =>
        [.. sessions.All.Where(session => session.Instance == instance)];

    /// <summary>The last lines that the present (or else the last) run of an instance printed.</summary>
    public IReadOnlyList<string> LogTail(InstanceKey instance, int lines)
    {
        var known = supervisor.State.Find(instance);
        var run = known?.Runs.LastOrDefault()?.Id ?? known?.LastExit?.Run;
        return run is { } id ? output.Tail(id, lines) : [];
    }
}
