using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>A bearer token. At most one token of a name is not revoked.</summary>
internal sealed class ApiTokenRow : IEntityTypeConfiguration<ApiTokenRow>
{
    /// <summary>SHA-256 of the secret, hexadecimal.</summary>
    public string Hash { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary><c>read</c> or <c>write</c>.</summary>
    public string Scope { get; set; } = "";

    public DateTimeOffset Created { get; set; }

    public string CreatedBy { get; set; } = "";

    public DateTimeOffset? Expires { get; set; }

    /// <summary>With a precision of one minute.</summary>
    public DateTimeOffset? LastUsed { get; set; }

    public string? LastAddress { get; set; }

    public DateTimeOffset? Revoked { get; set; }

    public void Configure(EntityTypeBuilder<ApiTokenRow> builder)
    {
        builder.ToTable("api_tokens");
        builder.HasKey(row => row.Hash);
        builder.HasIndex(row => row.Name).IsUnique().HasFilter("\"Revoked\" IS NULL");
    }
}
