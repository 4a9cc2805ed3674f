using Bunit;
using StreamHub.Server.Apps.Pages;

namespace StreamHub.Tests.Components;

public sealed class HoldsNoticeTests : AdminPage
{
    [Fact]
    public async Task Admins_are_told_that_their_stops_are_lost_until_somebody_has_removed_the_file()
    {
        Show<HoldsNotice>().Markup.Trim().Should().BeEmpty();
        var file = Path.Combine(Hub.Directory, "holds.json.unreadable-1");
        await File.WriteAllTextAsync(file, "{ torn");

        Show<HoldsNotice>().Find("[role=alert]").TextContent.Should().Contain("none of them is stopped any more").And.Contain(file);

        File.Delete(file);
        Show<HoldsNotice>().Markup.Trim().Should().BeEmpty();
    }
}
