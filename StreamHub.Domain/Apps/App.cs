using System.Collections.Immutable;
using StreamHub.Domain.Access;

namespace StreamHub.Domain.Apps;

/// <summary>What can be run, and how.</summary>
/// <param name="Slug">The unique name in addresses.</param>
/// <param name="Name">The name that people read.</param>
/// <param name="Runtime">How it becomes a process.</param>
public sealed record App(AppSlug Slug, string Name, AppRuntime Runtime)
{
    /// <summary>For whom it has instances.</summary>
    public InstanceMode Instances { get; init; }

    /// <summary>Unused time after which a run is stopped; null for the hub's default, zero for never.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>
    /// Runs that are kept although nobody uses them, within <see cref="WarmHours"/>: of a shared app none or one, which is also
    /// started ahead of the first visit; of an app with an instance for each user those that were used last.
    /// </summary>
    public int MinRuns { get; init; }

    /// <summary>When <see cref="MinRuns"/> counts, on the hub's wall clock.</summary>
    public WeekHours WarmHours { get; init; } = WeekHours.Always;

    /// <summary>Sessions that a run takes at once; null for any number.</summary>
    public int? MaxSessions { get; init; }

    /// <summary>Whose unused runs make room first.</summary>
    public AppPriority Priority { get; init; } = AppPriority.Normal;

    /// <summary>How much memory a run may take.</summary>
    public MemoryLimits Memory { get; init; }

    /// <summary>What is done about a run that no longer does its work.</summary>
    public HungPolicy Hung { get; init; }

    /// <summary>When it is restarted by the clock; null for never.</summary>
    public RestartSchedule? Restart { get; init; }

    /// <summary>Environment variables of the process, beside those of the hub's allow-list.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Arguments after the script's.</summary>
    public ImmutableArray<string> Args { get; init; } = [];

    /// <summary>The path under which the app serves, without slashes at its ends: <c>app/{slug}</c>.</summary>
    public string BasePath => $"app/{Slug}";

    /// <summary>Whether a run started from this app would be started the same way from the other.</summary>
    public bool RunsLike(App other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Runtime == other.Runtime && Env.SequenceEqual(other.Env) && Args.SequenceEqual(other.Args, StringComparer.Ordinal);
    }
}
