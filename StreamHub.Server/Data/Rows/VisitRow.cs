using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>The number of visits of an address to the same target within an hour with the same access decision.</summary>
internal sealed class VisitRow : IEntityTypeConfiguration<VisitRow>
{
    public string Address { get; set; } = "";

    /// <summary>The requested slug, assigned or not; empty for the hub's own pages.</summary>
    public string App { get; set; } = "";

    public bool Admin { get; set; }

    /// <summary>The name of the decision's type.</summary>
    public string Decision { get; set; } = "";

    /// <summary>The start of the hour.</summary>
    public DateTimeOffset Hour { get; set; }

    public long Count { get; set; }

    public void Configure(EntityTypeBuilder<VisitRow> builder)
    {
        builder.ToTable("visits");
        builder.HasKey(row => new { row.Hour, row.Address, row.App, row.Admin, row.Decision });
    }
}
