using StreamHub.Domain.Telemetry;

namespace StreamHub.Server.Apps.Pages;

/// <summary>The rows of the apps table and their order.</summary>
/// <param name="Filter">Part of a name or key; empty for all.</param>
/// <param name="Sort">A column's name; unknown names sort by app name.</param>
internal readonly record struct AppsTableOrder(string Filter, string Sort, bool Descending)
{
    /// <summary>The keys of the rows in order.</summary>
    public IReadOnlyList<string> Keys(IReadOnlyList<InstanceSample> all)
    {
        var part = Filter;
        var rows = all.Where(row => $"{row.Name} {row.Key}".Contains(part, StringComparison.CurrentCultureIgnoreCase));
        var ordered = Sort switch
        {
            "State" => rows.OrderBy(row => row.Status),
            "Cpu" => rows.OrderBy(row => row.Cpu),
            "Memory" => rows.OrderBy(row => row.Memory),
            "Sessions" => rows.OrderBy(row => row.Sessions),
            "Uptime" => rows.OrderBy(row => row.Started is { } since ? -since.UtcTicks : long.MinValue),
            "Restarts" => rows.OrderBy(row => row.Restarts),
            "Process" => rows.OrderBy(row => row.Pid ?? 0),
            _ => rows.OrderBy(row => row.Name, StringComparer.CurrentCulture),
        };
        var keys = ordered.ThenBy(row => row.Key, StringComparer.Ordinal).Select(row => row.Key);
        return Descending ? [.. keys.Reverse()] : [.. keys];
    }

    /// <summary>
    /// The rows after a snapshot. Rows are added and removed at once, but existing ones keep their place while <paramref name="settled"/>, so that
    /// no row moves away under the pointer.
    /// </summary>
    public IReadOnlyList<string> Next(IReadOnlyList<string> present, IReadOnlyList<InstanceSample> all, bool settled)
    {
        var wanted = Keys(all);
        return settled ? [.. present.Intersect(wanted, StringComparer.Ordinal), .. wanted.Except(present, StringComparer.Ordinal)] : wanted;
    }
}
