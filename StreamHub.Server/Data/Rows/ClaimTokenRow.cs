using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>A one-time admin link. The token itself is not stored.</summary>
internal sealed class ClaimTokenRow : IEntityTypeConfiguration<ClaimTokenRow>
{
    /// <summary>SHA-256 of the token, hexadecimal.</summary>
    public string Hash { get; set; } = "";

    public DateTimeOffset Expires { get; set; }

    public DateTimeOffset? Used { get; set; }

    public void Configure(EntityTypeBuilder<ClaimTokenRow> builder)
    {
        builder.ToTable("claim_tokens");
        builder.HasKey(row => row.Hash);
    }
}
