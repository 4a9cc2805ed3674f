using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

internal sealed class AppRow : IEntityTypeConfiguration<AppRow>
{
    public string Slug { get; set; } = "";

    /// <summary>A JSON document: <see cref="StreamHub.Server.Entries.AppEntry"/>.</summary>
    public string Entry { get; set; } = "";

    public void Configure(EntityTypeBuilder<AppRow> builder)
    {
        builder.ToTable("apps");
        builder.HasKey(row => row.Slug);
        builder.Property(row => row.Entry).HasDefaultValue("");
    }
}
