using Bunit;
using StreamHub.Server.Data;
using StreamHub.Tests.Server.Access;

namespace StreamHub.Tests.Components;

public sealed class DatabaseNoticeTests : AdminPage
{
    [Theory]
    [InlineData("removed", "cannot be read since 20", "is missing: put it back", "goes on until 20")]
    [InlineData("overwritten", "cannot be read since 20", "is damaged: stop the hub", "nobody else is let in")]
    [InlineData("read-only", "cannot be written since 20", "It may only be read", "the audit and the history wait")]
    public async Task Admins_are_told_what_is_wrong_since_when_and_what_to_do_until_it_is_over(string fault, params string[] words)
    {
        var notice = Show<DatabaseNotice>();
        notice.Find("[role=alert]").TextContent.Trim().Should().BeEmpty();
        await using (await Breakage.BeginAsync(fault, HubDatabase.FileIn(Hub.Directory)))
        {
            if (fault == "read-only")
            {
                await Session.RunAsync(async actor => await Hub.Editor.RemoveUserAsync("nobody", actor, default));
            }

            await notice.WaitForAssertionAsync(() => words.Should().AllSatisfy(word => notice.Find("[role=alert]").TextContent.Should().Contain(word)));
        }

        await notice.WaitForAssertionAsync(() => notice.Find("[role=alert]").TextContent.Trim().Should().BeEmpty());
    }
}
