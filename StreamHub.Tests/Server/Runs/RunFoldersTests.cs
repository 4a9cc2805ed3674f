using System.Runtime.Versioning;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Admin;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Runs;

[SupportedOSPlatform("linux")]
public sealed class RunFoldersTests : IAsyncLifetime
{
    private readonly HubSettings settings = TestHub.NewSettings();
    private readonly RunFolders folders;

    public RunFoldersTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Folders are opened by descriptor on Linux.");
        folders = new RunFolders(settings);
    }

    public ValueTask InitializeAsync() => default;

    /// <summary>.NET cannot remove every name.</summary>
    public async ValueTask DisposeAsync() => await Tool.RunAsync("rm", ["-rf", Apps], TimeSpan.FromSeconds(20));

    private string Apps => Path.Combine(settings.DataDirectory, "apps");

    [Theory]
    [InlineData("home", "..")]
    [InlineData("tmp", "../..")]
    [InlineData("own", "..")]
    public void A_link_in_place_of_a_folder_is_not_opened_to_runs(string name, string target)
    {
        Directory.CreateDirectory(Apps);
        Directory.CreateSymbolicLink(Path.Combine(Apps, name), target);

        folders.All().Should().HaveCount(2).And.OnlyContain(folder => RealPath.Of(folder) == folder);
    }

    [Fact]
    public void The_hubs_files_stay_unreadable_behind_a_link_in_place_of_the_folders()
    {
        Directory.CreateSymbolicLink(Apps, ".");

        folders.CanRead(Path.Combine(RealPath.Of(settings.DataDirectory)!, "hub.db")).Should().BeFalse();
    }
}
