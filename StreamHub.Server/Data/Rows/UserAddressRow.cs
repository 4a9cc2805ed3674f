using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>A range of a user, in canonical text. A range belongs to at most one user.</summary>
internal sealed class UserAddressRow : IEntityTypeConfiguration<UserAddressRow>
{
    public int Id { get; set; }

    public int UserId { get; set; }

    public string Range { get; set; } = "";

    public void Configure(EntityTypeBuilder<UserAddressRow> builder)
    {
        builder.ToTable("user_addresses");
        builder.HasIndex(row => row.Range).IsUnique();
    }
}
