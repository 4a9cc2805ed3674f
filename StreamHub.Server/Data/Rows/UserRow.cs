using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>A user.</summary>
internal sealed class UserRow : IEntityTypeConfiguration<UserRow>
{
    /// <summary>Stays when the name changes.</summary>
    public int Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>A JSON document: <see cref="StreamHub.Server.Entries.UserEntry"/>.</summary>
    public string Entry { get; set; } = "";

    /// <summary>Those of the document once more: they are refused, and stay nobody else's, where the document cannot be read.</summary>
    public List<UserAddressRow> Addresses { get; } = [];

    public void Configure(EntityTypeBuilder<UserRow> builder)
    {
        builder.ToTable("users");
        builder.HasIndex(row => row.Name).IsUnique();
        builder.Property(row => row.Entry).HasDefaultValue("");
        builder.HasMany(row => row.Addresses).WithOne().HasForeignKey(row => row.UserId);
    }
}
