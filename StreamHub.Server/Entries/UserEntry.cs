using System.ComponentModel;
using System.Text.Json.Serialization;
using StreamHub.Domain.Access;

namespace StreamHub.Server.Entries;

/// <summary>A user as in files, forms, the API and the database, unvalidated.</summary>
public sealed record UserEntry
{
    [Description("The unique name.")]
    public string Name { get; set; } = "";

    [Description("An admin reaches every app and the admin listener."), Choice(typeof(Role))]
    public string Role { get; set; } = "user";

    [Description("IP addresses and CIDR ranges.")]
    public IList<string> Addresses { get; set; } = [];

    [Description("Slugs of the assigned apps.")]
    public IList<string> Apps { get; set; } = [];

    [Description("The instant at which access ends, with its offset; omitted: no end.")]
    public DateTimeOffset? Expires { get; set; }

    [Description("Disabled: no access, whatever the other fields say.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Disabled { get; set; }

    [Description("Hours of access on the hub's wall clock, such as Mon-Fri 08:00-18:00; omitted: any time.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IList<string>? Hours { get; set; }

    [Description("Allows ranges wider than /29 (IPv6 /64) for an admin or /16 (IPv6 /48) for a user.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllowWide { get; set; }

    /// <summary>The inverse of <see cref="EntryReader"/>.</summary>
    internal static UserEntry Of(User user) => new()
    {
        Name = user.Name.ToString(),
        Role = Spelling.Of(user.Role),
        Addresses = [.. user.Addresses.Select(range => range.ToString())],
        Apps = [.. user.Apps.Order().Select(slug => slug.ToString())],
        Expires = user.Expires,
        Disabled = user.Disabled,
        Hours = EntryWriter.Texts(user.Hours),
        AllowWide = user.AllowWide,
    };

    /// <summary>
    /// The user in another role. Promotion to admin resets the permission for wide ranges: it was granted to a plain user and must be confirmed
    /// again.
    /// </summary>
    public UserEntry As(string role) => this with { Role = role, AllowWide = AllowWide && (role != "admin" || Role == "admin") };
}
