using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

internal sealed class UserRow : IEntityTypeConfiguration<UserRow>
{
    /// <summary>Stays the same when the user is renamed.</summary>
    public int Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary>A JSON document: <see cref="StreamHub.Server.Entries.UserEntry"/>.</summary>
    public string Entry { get; set; } = "";

    /// <summary>A copy of the document's ranges: when the document is unreadable, these addresses are refused and stay reserved.</summary>
    public List<UserAddressRow> Addresses { get; } = [];

    public void Configure(EntityTypeBuilder<UserRow> builder)
    {
        builder.ToTable("users");
        builder.HasIndex(row => row.Name).IsUnique();
        builder.Property(row => row.Entry).HasDefaultValue("");
        builder.HasMany(row => row.Addresses).WithOne().HasForeignKey(row => row.UserId);
    }
}
