using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using StreamHub.Server.Data.Rows;

namespace StreamHub.Server.Data;

/// <summary>The hub's database; one context per operation.</summary>
internal sealed class HubDbContext(DbContextOptions<HubDbContext> options) : DbContext(options)
{
    public DbSet<UserRow> Users => Set<UserRow>();

    public DbSet<AppRow> Apps => Set<AppRow>();

    public DbSet<ClaimTokenRow> ClaimTokens => Set<ClaimTokenRow>();

    public DbSet<ApiTokenRow> ApiTokens => Set<ApiTokenRow>();

    public DbSet<AuditRow> Audit => Set<AuditRow>();

    public DbSet<HubFactRow> Facts => Set<HubFactRow>();

    public DbSet<HistoryRow> History => Set<HistoryRow>();

    public DbSet<VisitRow> Visits => Set<VisitRow>();

    public DbSet<AccessRequestRow> AccessRequests => Set<AccessRequestRow>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(HubDbContext).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcMilliseconds>();

    /// <summary>Stores instants as Unix milliseconds, which sort and compare in SQL.</summary>
    private sealed class UtcMilliseconds() : ValueConverter<DateTimeOffset, long>(
        instant => instant.ToUnixTimeMilliseconds(),
        milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}
