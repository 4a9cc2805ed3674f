using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>How often an address came for the same thing within an hour, and what the gate said.</summary>
internal sealed class VisitRow : IEntityTypeConfiguration<VisitRow>
{
    /// <summary>Canonical text.</summary>
    public string Address { get; set; } = "";

    /// <summary>The slug that was asked for, assigned or not; empty for the hub's own pages.</summary>
    public string App { get; set; } = "";

    /// <summary>Whether it was the admin listener.</summary>
    public bool Admin { get; set; }

    /// <summary>The name of the decision's case.</summary>
    public string Decision { get; set; } = "";

    /// <summary>The begin of the hour.</summary>
    public DateTimeOffset Hour { get; set; }

    public long Count { get; set; }

    public void Configure(EntityTypeBuilder<VisitRow> builder)
    {
        builder.ToTable("visits");
        builder.HasKey(row => new { row.Hour, row.Address, row.App, row.Admin, row.Decision });
    }
}
