using System.Runtime.Versioning;
using StreamHub.Domain.Instances;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;
using StreamHub.Tests.Server.Admin;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Instances;

[SupportedOSPlatform("linux")]
public sealed class RunFoldersTests : IAsyncLifetime
{
    private const int Port = 19001;

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
    [InlineData("for i in range(300): os.mkdir('d' * 200); os.chdir('d' * 200)", 0)]
    [InlineData("os.mkdir('closed'); open('closed/file', 'w'); os.mkdir('closed/inner'); os.chmod('closed/inner', 0); os.chmod('closed', 0); os.chmod('.', 0)", 0)]
    [InlineData("os.mkdir('in'); os.symlink(os.environ['KEPT'], 'in/link'); os.symlink(os.environ['KEPT'], 'link'); os.symlink('missing', 'in/dangling')", 0)]
    [InlineData("open(b'\\xff', 'w')", 1)]
    [InlineData("os.mkdir('in'); open(b'in/\\xff', 'w')", 1)]
    [InlineData("here = os.getcwd(); os.rmdir(here); os.symlink(os.environ['KEPT'], here)", 1)]
    public async Task A_command_starts_in_an_empty_folder_whatever_the_last_one_left(string left, int aside)
    {
        var kept = Directory.CreateDirectory(Path.Combine(settings.DataDirectory, "kept")).FullName;
        await File.WriteAllTextAsync(Path.Combine(kept, "file"), "", TestContext.Current.CancellationToken);
        var work = folders.EmptyWork(new AppEndpoint(Port));
        var (code, output) = await Tool.RunAsync("python3", ["-c", $"import os; os.chdir(os.environ['WORK'])\n{left}"], TimeSpan.FromSeconds(20), ("WORK", work), ("KEPT", kept));
        code.Should().Be(0, output);

        folders.EmptyWork(new AppEndpoint(Port)).Should().Be(work);

        Directory.EnumerateFileSystemEntries(work).Should().BeEmpty();
        new DirectoryInfo(work).LinkTarget.Should().BeNull();
        Directory.EnumerateFileSystemEntries(kept).Should().ContainSingle();
        Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(work)!, $"{Port}-*").Should().HaveCount(aside);
    }

    [Theory]
    [InlineData("home", "..")]
    [InlineData("tmp", "../..")]
    [InlineData("work", "..")]
    public void A_link_in_place_of_a_folder_is_not_opened_to_runs(string name, string target)
    {
        Directory.CreateDirectory(Apps);
        Directory.CreateSymbolicLink(Path.Combine(Apps, name), target);

        folders.All(Port).Should().HaveCount(2).And.OnlyContain(folder => RealPath.Of(folder) == folder);
    }

    [Fact]
    public void The_hubs_files_stay_unreadable_behind_a_link_in_place_of_the_folders()
    {
        Directory.CreateSymbolicLink(Apps, ".");

        folders.CanRead(Path.Combine(RealPath.Of(settings.DataDirectory)!, "hub.db")).Should().BeFalse();
    }
}
