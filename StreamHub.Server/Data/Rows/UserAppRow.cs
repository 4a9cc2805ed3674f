using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>An app assigned to a user; it goes with either.</summary>
internal sealed class UserAppRow : IEntityTypeConfiguration<UserAppRow>
{
    public int UserId { get; set; }

    public string AppSlug { get; set; } = "";

    public void Configure(EntityTypeBuilder<UserAppRow> builder)
    {
        builder.ToTable("user_apps");
        builder.HasKey(row => new { row.UserId, row.AppSlug });
        builder.HasOne<AppRow>().WithMany().HasForeignKey(row => row.AppSlug).OnDelete(DeleteBehavior.Cascade);
    }
}
