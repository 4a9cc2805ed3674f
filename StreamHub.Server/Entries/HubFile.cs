using System.ComponentModel;
using System.Text.Json.Serialization;

namespace StreamHub.Server.Entries;

/// <summary>The declarative file of the commands <c>apply</c> and <c>export</c>.</summary>
public sealed record HubFile
{
    /// <summary>For completion and validation in editors; the hub ignores it.</summary>
    [JsonPropertyName("$schema"), Description("The address of this schema.")]
    public string? Schema { get; set; }

    [Description("Users, created or updated by name.")]
    public IList<UserEntry> Users { get; set; } = [];

    [Description("Apps, created or updated by slug.")]
    public IList<AppEntry> Apps { get; set; } = [];
}
