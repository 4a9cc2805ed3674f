using System.Text.Json.Serialization;
using StreamHub.Server.Lifetime;

namespace StreamHub.Server.Configuration.Entries;

/// <summary>An app as files, forms and the API write it; nothing in it is checked yet.</summary>
public sealed record AppEntry
{
    /// <summary>The unique name in addresses.</summary>
    public string Slug { get; set; } = "";

    /// <summary>The name that people read.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>streamlit</c>, <c>command</c> or <c>demo</c>.</summary>
    public string Runtime { get; set; } = "streamlit";

    /// <summary>Streamlit: absolute path of the script.</summary>
    public string? Script { get; set; }

    /// <summary>Streamlit: the interpreter; null for the hub's default.</summary>
    public string? Python { get; set; }

    /// <summary>Command: program and arguments.</summary>
    public IList<string>? Command { get; set; }

    /// <summary>Command: the path that answers when it is ready.</summary>
    public string? Health { get; set; }

    /// <summary><c>shared</c> or <c>perUser</c>.</summary>
    public string Instances { get; set; } = "shared";

    /// <summary>Unused time before a stop, as <c>30m</c>; null for the hub's default.</summary>
    public string? IdleTimeout { get; set; }

    /// <summary>Runs that are kept although nobody uses them; a shared app has one at most.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int MinRuns { get; set; }

    /// <summary>When they are kept, as <c>Mon-Fri 08:00-18:00</c> on the hub's wall clock; null or empty for any time.</summary>
    public IList<string>? WarmHours { get; set; }

    /// <summary>Sessions that a run takes at once; null for any number.</summary>
    public int? MaxSessions { get; set; }

    /// <summary><c>low</c>, <c>normal</c> or <c>high</c>: whose unused runs make room first; null for normal.</summary>
    public string? Priority { get; set; }

    /// <summary>MiB above which a run is replaced at the next moment without sessions; null for none.</summary>
    public int? MemorySoft { get; set; }

    /// <summary>MiB above which a run is killed; null for none.</summary>
    public int? MemoryHard { get; set; }

    /// <summary><c>restart</c> or <c>show</c>: what is done about a run that does not do its work; null for restart.</summary>
    public string? Hung { get; set; }

    /// <summary>When it is restarted by the clock, as the cron expression <c>0 3 * * 1-5</c>; null for never.</summary>
    public string? Restart { get; set; }

    /// <summary>The IANA id of the time zone that <see cref="Restart"/> is meant in; null for the hub's.</summary>
    public string? RestartZone { get; set; }

    /// <summary>Environment variables.</summary>
    public IDictionary<string, string>? Env { get; set; }

    /// <summary>Arguments after the script's.</summary>
    public IList<string>? Args { get; set; }
}
