using System.Collections.Immutable;
using StreamHub.Domain.Access;

namespace StreamHub.Domain.Apps;

/// <summary>An app and its settings.</summary>
/// <param name="Slug">The unique name in URLs.</param>
/// <param name="Name">The display name.</param>
public sealed record App(AppSlug Slug, string Name, AppRuntime Runtime)
{
    /// <summary>What the app is for, in a sentence; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>The app's sign in lists, see <see cref="AppIcon"/>; null for none.</summary>
    public string? Icon { get; init; }

    /// <summary>The name that the app shares with others in lists; null for none.</summary>
    public string? Group { get; init; }

    public InstanceMode Instances { get; init; }

    /// <summary>Unused time after which a run is stopped; null for the hub's default, zero for never.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Time from launch to ready; null for the hub's default.</summary>
    public TimeSpan? StartTimeout { get; init; }

    /// <summary>Absolute path of the folder in which a run starts; null for the default of the runtime.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>
    /// Runs that are kept although unused, within <see cref="WarmHours"/>. A shared app: none or one, which is also started
    /// before the first visit. An app with per-user instances: the most recently used ones.
    /// </summary>
    public int MinRuns { get; init; }

    /// <summary>When <see cref="MinRuns"/> applies, on the hub's wall clock.</summary>
    public WeekHours WarmHours { get; init; } = WeekHours.Always;

    /// <summary>Maximum sessions per run; null for no limit.</summary>
    public int? MaxSessions { get; init; }

    /// <summary>The order in which unused runs are stopped to free capacity.</summary>
    public AppPriority Priority { get; init; } = AppPriority.Normal;

    /// <summary>Memory limits of a run.</summary>
    public MemoryLimits Memory { get; init; }

    /// <summary>The reaction to an unresponsive run.</summary>
    public HungPolicy Hung { get; init; }

    /// <summary>The hub's own visits.</summary>
    public CheckPolicy Checks { get; init; }

    /// <summary>Scheduled restarts; null for none.</summary>
    public RestartSchedule? Restart { get; init; }

    /// <summary>Environment variables of the process, in addition to the hub's allow-list.</summary>
    public ImmutableSortedDictionary<string, string> Env { get; init; } =
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Arguments after the script path.</summary>
    public ImmutableArray<string> Args { get; init; } = [];

    /// <summary>Sites that may frame the app's pages, beside the hub itself.</summary>
    public ImmutableArray<WebOrigin> EmbedOrigins { get; init; } = [];

    /// <summary>The path under which the hub serves the app, without slashes at its ends: <c>app/{slug}</c>.</summary>
    public string BasePath => $"app/{Slug}";

    /// <summary>Whether the app itself serves at <c>/</c>.</summary>
    public bool ServesAtRoot => Runtime is AppRuntime.Command { Prefix: PrefixMode.Strip };

    /// <summary>Whether the other app would start an identical run.</summary>
    public bool RunsLike(App other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Runtime == other.Runtime && WorkingDirectory == other.WorkingDirectory && Env.SequenceEqual(other.Env) && Args.SequenceEqual(other.Args, StringComparer.Ordinal);
    }
}
