using System.Collections.Immutable;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>A hub whose events, clock and memory a test plays. Instances are named as people see them: <c>sales</c>, <c>sales@kim</c>.</summary>
internal sealed class DrivenHub
{
    public const long Mebibyte = 1L << 20;

    /// <summary>A Monday noon.</summary>
    public static readonly DateTimeOffset Begin = new(2030, 1, 7, 12, 0, 0, TimeSpan.Zero);

    private readonly Dictionary<RunId, long> takes = [];

    public DrivenHub(params App[] apps)
    {
        if (apps.Length > 0)
        {
            Register(apps);
        }
    }

    public DateTimeOffset Now { get; set; } = Begin;

    /// <summary>How long the machine slept: its own clock is ahead of the steady one by that.</summary>
    public TimeSpan Slept { get; set; }

    public SupervisionLimits Limits { get; set; } = new();

    public TimeZoneInfo Zone { get; set; } = TimeZoneInfo.Utc;

    public MachineMemory? Memory { get; private set; }

    public HubState State { get; private set; } = HubState.Create(new RunId(1));

    /// <summary>What the last step wanted done.</summary>
    public ImmutableArray<HubEffect> Effects { get; private set; } = [];

    /// <summary>All changes so far, as the history has them.</summary>
    public List<string> Told { get; } = [];

    public StepContext Context => new(Now, 0.5, Limits) { Memory = Memory, Zone = Zone, Wall = Now + Slept };

    public static App App(string slug) => new(AppSlug.Parse(slug), slug, new AppRuntime.Demo());

    public static InstanceKey Key(string name) => name.Split('@') is [var app, var user]
        ? new(AppSlug.Parse(app), UserName.TryParse(user, out var parsed) ? parsed : throw new FormatException(name))
        : new(AppSlug.Parse(name));

    public static RunProcess Process(long run) => new(new ProcessIdentity((int)run, run, "boot"), new AppEndpoint((int)run));

    public Instance Find(string name) => State.Find(Key(name))!;

    public InstanceStatus Status(string name) => Find(name).Status;

    public QueuePlace? Place(string name) => Capacity.Place(State, Key(name), Context);

    public DateTimeOffset? Seats(string name) => Capacity.Seats(State, Find(name), Context);

    public void Register(params App[] apps) => Take(new HubEvent.AppsChanged([.. apps]));

    public void Visit(string name) => Take(new HubEvent.Requested(Key(name)));

    public void Stop(string name, Hold? hold = null) => Take(new HubEvent.StopRequested(Key(name), hold ?? new Hold("lee")));

    public void Restart(string name, bool drain = true, string? why = null) => Take(new HubEvent.RestartRequested(Key(name), drain, why, "kim"));

    public void Launch(long run) => Take(new HubEvent.Launched(new RunId(run), Process(run)));

    /// <summary>The process is there, and answers.</summary>
    public void Ready(long run)
    {
        Launch(run);
        Take(new HubEvent.BecameReady(new RunId(run)));
    }

    /// <summary>A visit that finds room, up to the ready run with its sessions.</summary>
    public void Run(string name, long run, int sessions = 0)
    {
        Visit(name);
        Ready(run);
        Open(run, sessions);
    }

    public void Open(long run, int sessions = 1)
    {
        for (var session = 0; session < sessions; session++)
        {
            Take(new HubEvent.SessionOpened(new RunId(run)));
        }
    }

    public void Close(long run) => Take(new HubEvent.SessionClosed(new RunId(run)));

    public void Use(long run) => Take(new HubEvent.Used(new RunId(run), IsPerson: true));

    /// <summary>Somebody asks over HTTP, where every request counts.</summary>
    public void Ask(long run) => Take(new HubEvent.Used(new RunId(run), IsPerson: true, IsUnderWay: true));

    /// <summary>A script runs for somebody, or a response or upload is under way.</summary>
    public void Work(long run) => Take(new HubEvent.Used(new RunId(run), IsPerson: false, IsUnderWay: true));

    public void Exit(long run, int code = 1) => Take(new HubEvent.Exited(new RunId(run), new ExitOutcome.Exited(code)));

    /// <summary>The health check finds something, or nothing.</summary>
    /// <param name="ends">Seconds until the run is ended for it.</param>
    public void Check(long run, HungReason? found, double? ends = null) =>
        Take(new HubEvent.Checked(new RunId(run), found is { } reason ? new RunHang(reason, Now, Now + (ends is { } left ? TimeSpan.FromSeconds(left) : null)) : null));

    public void Wait(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        Take(HubEvent.Tick.Instance);
    }

    /// <summary>What programs can have and what runs take, MiB; runs not named take what they did.</summary>
    public void Measure(long free, params (long Run, long Taken)[] taken)
    {
        foreach (var (run, bytes) in taken)
        {
            takes[new RunId(run)] = bytes * Mebibyte;
        }

        Memory = new MachineMemory(Now, free * Mebibyte, Memory?.Needs ?? ImmutableDictionary<AppSlug, long>.Empty) { Runs = takes.ToImmutableDictionary() };
    }

    /// <summary>The most that apps took, MiB.</summary>
    public void Need(params (string App, long Bytes)[] needs) =>
        Memory = Memory! with { Needs = needs.ToImmutableDictionary(need => AppSlug.Parse(need.App), need => need.Bytes * Mebibyte) };

    public void Take(HubEvent @event)
    {
        var step = HubMachine.Step(State, @event, Context);
        Told.AddRange(Transition.Between(State, @event, step, Now).Select(Tell));
        (State, Effects) = step;
    }

    private static string Tell(Transition transition) =>
        $"{(transition.Instance.App.ToString() == "sales" ? "" : $"{transition.Instance} ")}{transition.Run?.Value} {transition.From} → {transition.To}, {transition.Cause}{Also(" ", transition.By)}{Also(": ", transition.Reason)}{Also(" ", transition.Detail)}";

    private static string Also(string before, string? text) => text is null ? "" : before + text;
}
