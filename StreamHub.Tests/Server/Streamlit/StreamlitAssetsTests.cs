using StreamHub.Domain.Apps;
using StreamHub.Server.Streamlit;
using StreamHub.Tests.Server.Admin;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>Which folders and files the hub reads for an app.</summary>
public sealed class StreamlitAssetsTests
{
    private const string Page = """<script src="./static/js/main.js"></script>""";

    private static readonly App Sales = new(AppSlug.Parse("sales"), "Sales", new AppRuntime.Streamlit("/app.py", null));

    [Theory]
    [InlineData("apps/home/.local/static", true)]
    [InlineData("runs/1", false)]
    [InlineData("", false)]
    public async Task Of_the_data_directory_only_the_folders_made_for_apps_are_read(string folder, bool isRead)
    {
        var settings = TestHub.NewSettings();
        var full = Directory.CreateDirectory(Path.Combine(settings.DataDirectory, folder)).FullName;
        await File.WriteAllTextAsync(Path.Combine(full, "index.html"), Page, TestContext.Current.CancellationToken);

        using var assets = new StreamlitAssets(_ => [new StreamlitFolder(full, IsOfRun: false)], settings);
        assets.FirstFiles(Sales).Should().HaveCount(isRead ? 1 : 0);
    }

    [Fact]
    public async Task A_page_without_end_is_read_up_to_a_limit_and_a_device_or_a_pipe_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Devices are files on Linux.");
        var folder = TestDirectory.Create();
        var page = Path.Combine(folder, "index.html");
        using var assets = new StreamlitAssets(_ => [new StreamlitFolder(folder, IsOfRun: false)], TestHub.NewSettings());

        await File.WriteAllTextAsync(page, Page + new string(' ', 1 << 20) + Page.Replace("main", "late", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        assets.FirstFiles(Sales).Should().Equal("/app/sales/static/js/main.js");

        File.Delete(page);
        File.CreateSymbolicLink(page, "/dev/zero");
        assets.FirstFiles(Sales).Should().BeEmpty();

        File.Delete(page);
        (await Tool.RunAsync("mkfifo", [page], FullHub.Patience)).Code.Should().Be(0);
        assets.FirstFiles(Sales).Should().BeEmpty();
    }
}
