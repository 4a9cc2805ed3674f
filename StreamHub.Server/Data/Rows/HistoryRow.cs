using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>A state transition of an instance; see <see cref="Domain.Supervision.Transition"/>.</summary>
internal sealed class HistoryRow : IEntityTypeConfiguration<HistoryRow>
{
    public long Sequence { get; set; }

    public DateTimeOffset At { get; set; }

    public string App { get; set; } = "";

    /// <summary>The user of the instance; null for the shared instance.</summary>
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
