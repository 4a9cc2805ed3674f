using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>What a visitor asked for. An address has one open or blocked request at most.</summary>
internal sealed class AccessRequestRow : IEntityTypeConfiguration<AccessRequestRow>
{
    public long Id { get; set; }

    /// <summary>Canonical text.</summary>
    public string Address { get; set; } = "";

    /// <summary>Canonical text of the smallest network that the visitor may have all addresses of.</summary>
    public string Site { get; set; } = "";

    /// <summary>What the name server called the address; a hint, nothing more.</summary>
    public string? HostName { get; set; }

    public DateTimeOffset At { get; set; }

    public string Name { get; set; } = "";

    public string Purpose { get; set; } = "";

    /// <summary>What the visitor called the app: a slug, a name or nothing.</summary>
    public string App { get; set; } = "";

    /// <summary>Whose address it was at the time; null for nobody's.</summary>
    public string? User { get; set; }

    /// <summary>Whose browser it was when it was last let in, and from where; null for an unknown one.</summary>
    public string? DeviceUser { get; set; }

    public string? DeviceAddress { get; set; }

    public DateTimeOffset? DeviceSeen { get; set; }

    public AccessRequestState State { get; set; }

    /// <summary>What the admin told the visitor.</summary>
    public string? Note { get; set; }

    public string? DecidedBy { get; set; }

    public DateTimeOffset? DecidedAt { get; set; }

    public void Configure(EntityTypeBuilder<AccessRequestRow> builder)
    {
        builder.ToTable("access_requests");
        builder.Property(row => row.State).HasConversion<string>();
        builder.HasIndex(row => new { row.Address, row.At });
        builder.HasIndex(row => new { row.Site, row.At });
        builder.HasIndex(row => row.Address).IsUnique().HasFilter("\"State\" IN ('Open', 'Blocked')");
    }
}
