using System.Collections.Immutable;
using System.Globalization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>Time, memory, and the apps that there are.</summary>
internal sealed class SimulatedWorld
{
    private const long Mebibyte = 1L << 20;

    // A Friday afternoon before the clocks are set forward.
    private static readonly DateTimeOffset Start = new(2030, 3, 29, 15, 30, 0, TimeSpan.Zero);
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private static readonly MemoryLimits Tight = new(500 * Mebibyte, 900 * Mebibyte);

    private ImmutableDictionary<AppSlug, long> needs = ImmutableDictionary<AppSlug, long>.Empty;
    private ImmutableDictionary<RunId, long> takes = ImmutableDictionary<RunId, long>.Empty;
    private TimeSpan slept;
    private long? free;

    /// <summary>All apps: a plain one, one kept warm in its hours, one for each user of which one is kept, one of which much is allowed.</summary>
    public static ImmutableArray<App> Apps { get; } =
    [
        App("a"),
        App("b") with { MinRuns = 1, WarmHours = Hours("Mon-Fri 08:00-18:00", "Sun 01:00-04:00"), Priority = AppPriority.High },
        App("c") with { Instances = InstanceMode.PerUser, MinRuns = 1, Memory = Tight },
        App("d") with { Priority = AppPriority.Low, Hung = HungPolicy.Show, Memory = Tight },
    ];

    /// <summary>Instances that are visited; the last two are there only while their app has the other mode.</summary>
    public static ImmutableArray<InstanceKey> Keys { get; } = [Key("a"), Key("c", "kim"), Key("c", "lee"), Key("b"), Key("d"), Key("c", "may"), Key("c"), Key("a", "kim")];

    public DateTimeOffset Now { get; private set; } = Start;

    /// <summary>What the machine's clock shows.</summary>
    public DateTimeOffset Wall => Now + slept;

    /// <summary>The time since the begin, for people.</summary>
    public string Passed => (Now - Start).ToString("d\\.hh\\:mm\\:ss\\.fff", CultureInfo.InvariantCulture);

    public void Pass(TimeSpan time) => Now += time;

    /// <summary>The machine sleeps: its own clock goes on, the steady one does not.</summary>
    public void Sleep(TimeSpan time) => slept += time;

    public bool Allows(WeekHours hours) => hours.Allows(Wall, Berlin);

    public StepContext Context(SupervisionLimits limits) => new(Now, 0.5, limits)
    {
        Wall = Wall,
        Zone = Berlin,

        // Measured once a second.
        Memory = free is { } bytes ? new MachineMemory(new DateTimeOffset(Now.Ticks - (Now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero), bytes, needs) { Runs = takes } : null,
    };

    public void Measure(SimulatedProcess process, int amount)
    {
        free = amount * 64 * Mebibyte;
        var taken = (amount % 5) switch { 0 => 100, 1 => 300, 2 => 1000, _ => 600 } * Mebibyte;
        takes = takes.SetItem(process.Run, taken);
        needs = needs.SetItem(process.Instance.App, Math.Max(taken, needs.GetValueOrDefault(process.Instance.App)));
    }

    public void Forget() => free = null;

    /// <summary>The apps without one of them, or with one of them changed.</summary>
    public static ImmutableArray<App> Changed(ImmutableArray<App> apps, Move move)
    {
        if (apps.IsEmpty)
        {
            return Apps;
        }

        var index = move.Which % apps.Length;
        var app = apps[index];
        return (move.Amount % 4) switch
        {
            0 => apps.RemoveAt(index),
            1 => apps.SetItem(index, app with { Instances = app.Instances == InstanceMode.Shared ? InstanceMode.PerUser : InstanceMode.Shared }),
            2 => apps.SetItem(index, app with { MinRuns = 1 - app.MinRuns }),
            _ => apps.SetItem(index, app with { WarmHours = app.WarmHours.IsAlways ? Hours("Mon-Fri 08:00-18:00") : WeekHours.Always }),
        };
    }

    public static string Tell(HubEvent @event) => @event switch
    {
        HubEvent.Tick => "Tick",
        HubEvent.AppsChanged { Apps: var apps } => $"AppsChanged {Tell(apps)}",
        HubEvent.HubStarted started => $"HubStarted {Tell(started.Apps.Apps)}, held [{string.Join(' ', started.Holds.Holds.Keys)}], {(started.Holds.Maintenance is null ? "" : "in maintenance, ")}found [{string.Join(", ", started.Found.Runs.Select(Tell))}]",
        HubEvent.Launched launched => $"Launched {launched.Run}",
        HubEvent.Exited exited => $"Exited {exited.Run}",
        _ => @event.ToString(),
    };

    private static string Tell(AdoptedRun run) => $"{run.Run} of {run.Instance}{(run.IsReady ? " ready" : "")}{(run.IsEnding ? " ending" : "")}";

    private static string Tell(ImmutableArray<App> apps) =>
        $"[{string.Join(", ", apps.Select(app => $"{app.Slug} {app.Instances}{(app.MinRuns == 0 ? "" : $" warm {app.WarmHours}")}"))}]";

    private static App App(string slug) => new(AppSlug.Parse(slug), slug, new AppRuntime.Demo());

    private static InstanceKey Key(string app, string? user = null) =>
        new(AppSlug.Parse(app), user is not null && UserName.TryParse(user, out var name) ? name : null);

    private static WeekHours Hours(params string[] windows) =>
        WeekHours.Of(windows.Select(text => WeekHours.TryParse(text, out var window) ? window : throw new FormatException(text)));
}
