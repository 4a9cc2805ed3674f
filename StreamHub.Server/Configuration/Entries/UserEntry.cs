using System.Text.Json.Serialization;

namespace StreamHub.Server.Configuration.Entries;

/// <summary>A user as files, forms and the API write it; nothing in it is checked yet.</summary>
public sealed record UserEntry
{
    /// <summary>The unique name.</summary>
    public string Name { get; set; } = "";

    /// <summary><c>admin</c> or <c>user</c>.</summary>
    public string Role { get; set; } = "user";

    /// <summary>Addresses and CIDR ranges.</summary>
    public IList<string> Addresses { get; set; } = [];

    /// <summary>Slugs of the apps assigned.</summary>
    public IList<string> Apps { get; set; } = [];

    /// <summary>When the user is no longer admitted; null for no end.</summary>
    public DateTimeOffset? Expires { get; set; }

    /// <summary>Whether the user is shut out, whatever else holds.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Disabled { get; set; }

    /// <summary>When the user may come in, as <c>Mon-Fri 08:00-18:00</c> on the hub's wall clock; null or empty for any time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IList<string>? Hours { get; set; }

    /// <summary>The explicit word for ranges wider than an admin's /29 (IPv6 /64) or a user's /16 (IPv6 /48).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllowWide { get; set; }

    /// <summary>The user in a role. That a user's ranges may be wide was said of a user: of an admin it has to be said anew.</summary>
    public UserEntry As(string role) => this with { Role = role, AllowWide = AllowWide && (role != "admin" || Role == "admin") };
}
