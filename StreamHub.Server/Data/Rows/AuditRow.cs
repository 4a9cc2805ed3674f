using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>An audited change or refusal. Rows are only ever added.</summary>
internal sealed class AuditRow : IEntityTypeConfiguration<AuditRow>
{
    public long Sequence { get; set; }

    public DateTimeOffset At { get; set; }

    public string Actor { get; set; } = "";

    public string? Address { get; set; }

    public string Action { get; set; } = "";

    public string Target { get; set; } = "";

    /// <summary>The entry before the change, as JSON without the values of environment variables; null when it was created.</summary>
    public string? Before { get; set; }

    /// <summary>The entry after the change, likewise.</summary>
    public string? After { get; set; }

    /// <summary>SHA-256 over this row and the hash of the previous one; see <see cref="StreamHub.Server.Audit.AuditChain"/>.</summary>
    public string Hash { get; set; } = "";

    public void Configure(EntityTypeBuilder<AuditRow> builder)
    {
        builder.ToTable("audit");
        builder.HasKey(row => row.Sequence);
        builder.Property(row => row.Sequence).ValueGeneratedOnAdd();
    }
}
