namespace StreamHub.Server.Admin.Entries;

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

    /// <summary>Environment variables.</summary>
    public IDictionary<string, string>? Env { get; set; }

    /// <summary>Arguments after the script's.</summary>
    public IList<string>? Args { get; set; }
}
