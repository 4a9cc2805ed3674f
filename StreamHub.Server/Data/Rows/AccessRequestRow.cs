using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>A request for access. An address has at most one open or blocked request.</summary>
internal sealed class AccessRequestRow : IEntityTypeConfiguration<AccessRequestRow>
{
    public long Id { get; set; }

    public string Address { get; set; } = "";

    /// <summary>The canonical text of the smallest network that a visitor may fully own.</summary>
    public string Site { get; set; } = "";

    /// <summary>The host name of the address in DNS; only a hint.</summary>
    public string? HostName { get; set; }

    public DateTimeOffset At { get; set; }

    public string Name { get; set; } = "";

    public string Purpose { get; set; } = "";

    /// <summary>The app as the visitor typed it: a slug, a name or empty.</summary>
    public string App { get; set; } = "";

    /// <summary>The user of the address at that time; null for none.</summary>
    public string? User { get; set; }

    /// <summary>The user and address of the browser's last authenticated visit; null for an unknown browser.</summary>
    public string? DeviceUser { get; set; }

    public string? DeviceAddress { get; set; }

    public DateTimeOffset? DeviceSeen { get; set; }

    public AccessRequestState State { get; set; }

    /// <summary>The admin's message to the visitor.</summary>
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
