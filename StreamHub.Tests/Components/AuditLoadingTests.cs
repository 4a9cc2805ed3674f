using Bunit;
using Microsoft.EntityFrameworkCore;
using StreamHub.Server.Audit;
using StreamHub.Server.Audit.Pages;
using StreamHub.Server.Data;
using StreamHub.Tests.Server.Admin;

namespace StreamHub.Tests.Components;

/// <summary>The audit's page over a hub without entries, whose database answers when the test says so.</summary>
public sealed class AuditLoadingTests : AdminPage
{
    private readonly TaskCompletionSource answers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TestHub? fresh;

    internal override async Task<AuditLog> AuditLogAsync()
    {
        fresh = await TestHub.StartAsync();
        return new AuditLog(new SlowContexts(fresh.Get<IDbContextFactory<HubDbContext>>(), answers.Task), fresh.Get<AuditTrail>());
    }

    [Fact]
    public async Task Until_the_database_answers_there_is_a_skeleton_and_without_entries_a_word()
    {
        await using var ends = fresh;
        var page = Show<AuditPage>();
        page.Find("[role=status].skeleton").GetAttribute("aria-label").Should().Be("Loading");
        answers.SetResult();
        page.WaitForElement(".empty").TextContent.Should().Contain("Nothing has been written yet");
    }

    private sealed class SlowContexts(IDbContextFactory<HubDbContext> contexts, Task answers) : IDbContextFactory<HubDbContext>
    {
        public HubDbContext CreateDbContext() => contexts.CreateDbContext();

        public async Task<HubDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default)
        {
            await answers;
            return await contexts.CreateDbContextAsync(cancellationToken);
        }
    }
}
