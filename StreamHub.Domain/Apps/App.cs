using System.Collections.Immutable;

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
