using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>A change of an instance's state; see <see cref="Domain.Supervision.Transition"/>.</summary>
internal sealed class HistoryRow : IEntityTypeConfiguration<HistoryRow>
{
    public long Sequence { get; set; }

    public DateTimeOffset At { get; set; }

    public string App { get; set; } = "";

    /// <summary>Whose instance; null for the one that everybody shares.</summary>
    public string? User { get; set; }

    public long? Run { get; set; }

    public string From { get; set; } = "";

    public string To { get; set; } = "";

    public string Cause { get; set; } = "";

    public string? By { get; set; }

    public string? Reason { get; set; }

    public string? Detail { get; set; }

    public void Configure(EntityTypeBuilder<HistoryRow> builder)
    {
        builder.ToTable("history");
        builder.HasKey(row => row.Sequence);
        builder.Property(row => row.Sequence).ValueGeneratedOnAdd();
        builder.HasIndex(row => new { row.App, row.Sequence });
        builder.HasIndex(row => row.At);
    }
}
