using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>A key and value of the hub itself.</summary>
internal sealed class HubFactRow : IEntityTypeConfiguration<HubFactRow>
{
    /// <summary>The identity of this data directory; its absence marks a new database.</summary>
    public const string HubId = "hub-id";

    /// <summary>The end of the audit's chain; see <see cref="Audit.AuditHead"/>.</summary>
    public const string AuditHead = "audit-head";

    public string Key { get; set; } = "";

    public string Value { get; set; } = "";

    public void Configure(EntityTypeBuilder<HubFactRow> builder)
    {
        builder.ToTable("hub_facts");
        builder.HasKey(row => row.Key);
    }
}
