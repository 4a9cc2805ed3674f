using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>Something the hub knows of itself.</summary>
internal sealed class HubFactRow : IEntityTypeConfiguration<HubFactRow>
{
    /// <summary>The identity of this data directory; its absence means that the database is new.</summary>
    public const string HubId = "hub-id";

    /// <summary>Where the audit's chain ends; see <see cref="Audit.AuditHead"/>.</summary>
    public const string AuditHead = "audit-head";

    public string Key { get; set; } = "";

    public string Value { get; set; } = "";

    public void Configure(EntityTypeBuilder<HubFactRow> builder)
    {
        builder.ToTable("hub_facts");
        builder.HasKey(row => row.Key);
    }
}
