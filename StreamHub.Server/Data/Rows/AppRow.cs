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

    public int MinRuns { get; set; }

    /// <summary>A JSON list of windows; empty for any time.</summary>
    public List<string> WarmHours { get; set; } = [];

    public int? MaxSessions { get; set; }

    /// <summary><c>low</c>, <c>normal</c> or <c>high</c>.</summary>
    public string Priority { get; set; } = "";

    /// <summary>Bytes.</summary>
    public long? MemorySoft { get; set; }

    /// <summary>Bytes.</summary>
    public long? MemoryHard { get; set; }

    /// <summary><c>restart</c> or <c>show</c>.</summary>
    public string Hung { get; set; } = "";

    /// <summary>A cron expression.</summary>
    public string? Restart { get; set; }

    public string? RestartZone { get; set; }

    /// <summary>A JSON object of texts.</summary>
    public string Env { get; set; } = "{}";

    /// <summary>A JSON list.</summary>
    public List<string> Args { get; set; } = [];

    public void Configure(EntityTypeBuilder<AppRow> builder)
    {
        builder.ToTable("apps");
        builder.HasKey(row => row.Slug);
        builder.Property(row => row.MinRuns).HasDefaultValue(0);
        builder.Property(row => row.WarmHours).HasDefaultValueSql("'[]'");
        builder.Property(row => row.Priority).HasDefaultValue("normal");
        builder.Property(row => row.Hung).HasDefaultValue("restart");
    }
}
