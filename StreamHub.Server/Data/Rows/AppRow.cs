using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace StreamHub.Server.Data.Rows;

/// <summary>An app. The texts are those of the declarative file.</summary>
internal sealed class AppRow : IEntityTypeConfiguration<AppRow>
{
    public string Slug { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary><c>streamlit</c>, <c>command</c> or <c>demo</c>.</summary>
    public string Runtime { get; set; } = "";

    public string? Script { get; set; }

    public string? Python { get; set; }

    /// <summary>A JSON list.</summary>
    public List<string> Command { get; set; } = [];

    public string? Health { get; set; }

    /// <summary><c>shared</c> or <c>perUser</c>.</summary>
    public string Instances { get; set; } = "";

    public long? IdleTimeoutSeconds { get; set; }

    /// <summary>A JSON object of texts.</summary>
    public string Env { get; set; } = "{}";

    /// <summary>A JSON list.</summary>
    public List<string> Args { get; set; } = [];

    public void Configure(EntityTypeBuilder<AppRow> builder)
    {
        builder.ToTable("apps");
        builder.HasKey(row => row.Slug);
    }
}
