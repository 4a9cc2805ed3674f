using System.Globalization;
using Bunit;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Server.Apps.Pages;
using StreamHub.Server.Entries;
using StreamHub.Server.Runs;
using StreamHub.Tests.Server;

namespace StreamHub.Tests.Components;

public sealed class StartPanelTests : AdminPage
{
    [Theory]
    [InlineData("en", "kept for 60 s only", "settings of the app", "default of the hub")]
    [InlineData("ko", "60초만 보관합니다", "앱 설정", "허브 기본값")]
    public async Task The_page_shows_the_start_to_copy_and_what_a_restart_of_the_hub_costs(string language, string kept, string own, string source)
    {
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
        var script = Path.Combine(TestDirectory.Create(), "app.py");
        await File.WriteAllTextAsync(script, "");
        var entry = new AppEntry { Slug = "figures", Name = "Figures", Script = script, Env = new Dictionary<string, string> { ["TOKEN"] = "s3cret", ["STREAMLIT_CLIENT_TOOLBAR_MODE"] = "minimal" } };
        (await Hub.Editor.SaveAppAsync(entry, null, FullHub.Actor, CancellationToken.None)).Errors.Should().BeEmpty();
        var run = await NoEffects.ReadyAsync(Hub.Supervisor, new InstanceKey(AppSlug.Parse("figures")), 18777);
        Hub.Get<RunReports>().Keep(run, AppSlug.Parse("figures"), new RunReport
        {
            Unhooked = ["client.showErrorLinks"],
            Options =
            [
                new("server.disconnectedSessionTTL", "/srv/app/.streamlit/config.toml", "60"),
                new("theme.primaryColor", "/srv/app/.streamlit/config.toml", null),
                new("client.toolbarMode", "command-line argument or environment variable", "minimal"),
            ],
        });

        var page = Show<StartPanel>(parameters => parameters.Add(panel => panel.Slug, "figures"));

        page.Markup.Should().Contain(kept).And.Contain("/srv/app/.streamlit/config.toml").And.Contain(own).And.Contain(source).And.Contain("theme.primaryColor");
        page.FindAll("td code").Should().NotContain(cell => cell.TextContent == "client.showErrorLinks", "this version has none");
        page.Markup.Should().Contain("TOKEN").And.NotContain("s3cret", "a value may be a secret");
        page.Find("#start-command").GetAttribute("value").Should().StartWith("cd ").And.Contain("--server.port=18777");
        page.Find("[data-copy=start-command]").TextContent.Should().NotBeEmpty();
    }
}
