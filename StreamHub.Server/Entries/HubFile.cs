using System.ComponentModel;
using System.Text.Json.Serialization;

namespace StreamHub.Server.Entries;

/// <summary>The declarative file: what <c>apply</c> reads and <c>export</c> writes.</summary>
public sealed record HubFile
{
    /// <summary>For editors, which complete and check the file with it; the hub ignores it.</summary>
    [JsonPropertyName("$schema"), Description("The address of this schema.")]
    public string? Schema { get; set; }

    [Description("Users, created or updated by name.")]
    public IList<UserEntry> Users { get; set; } = [];

    [Description("Apps, created or updated by slug.")]
    public IList<AppEntry> Apps { get; set; } = [];
}
