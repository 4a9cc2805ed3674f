using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>A user. The texts are those of the declarative file.</summary>
internal sealed class UserRow : IEntityTypeConfiguration<UserRow>
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    /// <summary><c>admin</c> or <c>user</c>.</summary>
    public string Role { get; set; } = "";

    public DateTimeOffset? Expires { get; set; }

    public bool Disabled { get; set; }

    /// <summary>A JSON list of windows; empty for any time.</summary>
    public List<string> Hours { get; set; } = [];

    public bool AllowWide { get; set; }

    public List<UserAddressRow> Addresses { get; } = [];

    public List<UserAppRow> Apps { get; } = [];

    public void Configure(EntityTypeBuilder<UserRow> builder)
    {
        builder.ToTable("users");
        builder.HasIndex(row => row.Name).IsUnique();
        builder.Property(row => row.Disabled).HasDefaultValue(false);
        builder.Property(row => row.Hours).HasDefaultValueSql("'[]'");
        builder.Property(row => row.AllowWide).HasDefaultValue(false);
        builder.HasMany(row => row.Addresses).WithOne().HasForeignKey(row => row.UserId);
        builder.HasMany(row => row.Apps).WithOne().HasForeignKey(row => row.UserId);
    }
}
