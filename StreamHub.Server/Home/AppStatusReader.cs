using System.Globalization;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Resources;
using StreamHub.Server.Runs;
using StreamHub.Server.Sessions;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;

namespace StreamHub.Server.Home;

/// <summary>Describes the status of an instance for its visitors in the language of the request.</summary>
internal sealed class AppStatusReader(Supervisor supervisor, SessionTable sessions, WaitingRooms rooms, RunOutput output, RunReports reports, StartFaults faults, HubSettings settings, SteadyClock clock, IStringLocalizer<UserText> text)
{
    private const int LogLines = 30;

    // Polled: positions in a queue, output of a start, and whether an idle run is in use again.
    private static readonly TimeSpan LiveInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRefresh = TimeSpan.FromHours(1);

    /// <summary>Reads the current status.</summary>
    /// <param name="guest">The visitor on the app's own page: keeps the place in the queue for a seat and adds the app's output.</param>
    public AppStatus Read(InstanceKey key, Guest? guest = null)
    {
        var state = supervisor.State;
        var instance = state.Find(key);
        var status = instance?.Status ?? InstanceStatus.Stopped;

        // The hold of the instance is more specific than the maintenance of the hub.
        var hold = status is InstanceStatus.Running or InstanceStatus.Hung ? null : (instance?.Desired as Desired.Held)?.Hold ?? state.Maintenance;
        var isMaintenance = hold is not null && ReferenceEquals(hold, state.Maintenance);
        var failed = status is InstanceStatus.Backoff or InstanceStatus.Quarantined;
        var exit = failed ? instance?.LastExit : null;
        var error = exit?.ErrorLine;
        var seat = guest is { } who && rooms.Look(key, who) is var stands && instance?.ReadyRun is not null ? stands : null;
        var starting = instance?.StartingRun;
        var (step, since) = (instance, starting) switch
        {
            ({ ReadyRun: not null }, _) => (3, (DateTimeOffset?)null),
            (_, { Process: not null }) => (2, starting.Created),
            (_, not null) => (1, starting.Created),
            ({ Waiting: Waiting.Queued queued }, _) => (0, queued.Since),
            _ => (0, null),
        };
        return new AppStatus(
            isMaintenance ? InstanceStatus.Held : seat is not null ? InstanceStatus.Queued : status,
            text[isMaintenance ? "State.Maintenance" : seat is not null ? "State.Full" : $"State.{status}"],
            instance?.ReadyRun is not null,
            step,
            since is { } start ? Milliseconds(clock.Now - start) : 0,
            seat is not null ? Words(seat) : supervisor.Place(key) is { } place ? Words(place) : null,
            hold is null ? null : Words(hold, isMaintenance),
            error,
            exit is null ? null : exit.Output.Fault is { } fault ? FaultText.Of(fault, text) : text[$"Crash.{ExitReading.Of(exit.Outcome, error).Meaning}", exit.Outcome is ExitOutcome.Ended { Limit: { } limit } ? Duration.Format(limit) : ""],
            instance?.Waiting is Waiting.Backoff backoff ? Milliseconds(backoff.Until - clock.Now) : null,
            instance?.ReadyRun?.Id.Value,
            instance?.ReadyRun is { } ready ? reports.Of(ready.Id)?.Page : null,
            guest is { } visitor && instance?.ReadyRun is { } run && sessions.Has(key, visitor, run.Id),
            instance?.ReadyRun is { } serving ? serving.Why : instance?.RestartWhy,
            IdleStop(key, instance),
            Hint(instance, status, hold),
            [
                .. from old in instance?.Runs ?? []
                   let draining = old.State as RunState.Draining
                   where draining is not null
                   select new AppStatus.LeavingRun(old.Id.Value, Milliseconds(draining.Deadline - clock.Now), draining.Why),
            ],
            guest is null ? [] : starting is not null && instance?.ReadyRun is null ? output.Latest(starting.Id, LogLines) : exit?.Output.Lines ?? []);
    }

    /// <summary>How long a status stays valid unless the instance changes.</summary>
    public TimeSpan Rest(InstanceKey key, AppStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (status.Queue is not null || status.IdleStopMs is not null || (!status.IsReady && status.State is InstanceStatus.Starting or InstanceStatus.Restarting))
        {
            return LiveInterval;
        }

        var rest = supervisor.State.Find(key)?.ReadyRun is { } run && supervisor.IdleStop(key) is { } stop ? Idleness.NoticeOf(run, stop) - clock.Now : MaxRefresh;
        return rest < LiveInterval ? LiveInterval : rest < MaxRefresh ? rest : MaxRefresh;
    }

    /// <summary>The message to all visitors during maintenance; else null.</summary>
    public string? Notice() => supervisor.State.Maintenance is { } hold ? Words(hold, isMaintenance: true) : null;

    private string? Hint(Instance? instance, InstanceStatus status, Hold? hold) => (status, hold) switch
    {
        (InstanceStatus.Stopped, null) => text["Start.Reload"],
        (InstanceStatus.Backoff or InstanceStatus.Quarantined, _) => null,
        _ => instance is { ReadyRun: null } && faults.Of(instance) is { } obstacle ? FaultText.Of(obstacle, text) : null,
    };

    private long? IdleStop(InstanceKey key, Instance? instance)
    {
        var now = clock.Now;
        return instance?.ReadyRun is { } run && supervisor.IdleStop(key) is { } stop && Idleness.NoticeOf(run, stop) <= now ? Milliseconds(stop - now) : null;
    }

    private string Words(Hold hold, bool isMaintenance)
    {
        var words = hold.Text ?? text[isMaintenance ? "Maintenance.Text" : "Start.Held"].Value;
        return hold.Until is { } end ? $"{words} {text["Hold.Until", TimeZoneInfo.ConvertTime(end, settings.TimeZone).ToString("g", CultureInfo.CurrentCulture)]}" : words;
    }

    private static long Milliseconds(TimeSpan time) => Math.Max(0, (long)time.TotalMilliseconds);

    private string Words(QueuePlace place) => Expecting(text[$"Queue.{place.Limit}", place.Position], place.Expected);

    private string Words(SeatPlace place) =>
        Expecting(place.IsReturning ? text["Room.Returning", place.Position] : text["Room.Full", place.Position, place.Taken, place.Seats], place.Expected, place.IsBeyond);

    // Rounded up, so that the text changes rarely.
    private string Expecting(string line, DateTimeOffset? expected, bool isLeast = false) => (expected - clock.Now) switch
    {
        null => $"{line} {text["Queue.Unknown"]}",
        { } wait when isLeast => $"{line} {text["Queue.Least", Math.Max(1, Math.Ceiling(wait.TotalMinutes))]}",
        { TotalSeconds: < 10 } => $"{line} {text["Queue.Soon"]}",
        { TotalSeconds: < 60 } => $"{line} {text["Queue.Minute"]}",
        { } wait => $"{line} {text["Queue.Minutes", Math.Ceiling(wait.TotalMinutes)]}",
    };
}
