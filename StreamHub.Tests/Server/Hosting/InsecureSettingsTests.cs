using StreamHub.Domain.Access;
using StreamHub.Server;
using StreamHub.Server.Audit;
using StreamHub.Server.Cli;
using StreamHub.Server.Entries;
using StreamHub.Tests.Server.Admin;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.Server.Hosting;

/// <summary>What would open or expose the hub stops its start, and says what it is.</summary>
public sealed class InsecureSettingsTests
{
    private const string Reachable = "--StreamHub:Listen:Users=http://0.0.0.0:0";

    public static TheoryData<string[], string> Table => new()
    {
        { ["--ForwardedHeaders_Enabled=true"], "ASPNETCORE_FORWARDEDHEADERS_ENABLED: 'true' lets everybody say which address they come from" },
        { ["--ForwardedHeaders_Enabled=True"], "ASPNETCORE_FORWARDEDHEADERS_ENABLED: " },
        { ["--AllowedHosts=*"], "AllowedHosts: '*' stands for names that are not this machine's" },
        { ["--AllowedHosts=hub.corp;*.corp"], "AllowedHosts: 'hub.corp;*.corp' stands for" },
        { ["--StreamHub:AllowedHosts:0=*"], "StreamHub:AllowedHosts: '*' is not a host name" },
        { ["--StreamHub:AllowedHosts:0=hub", "--StreamHub:AllowedHosts:1=*.corp"], "StreamHub:AllowedHosts: '*.corp' is not a host name" },
        { ["--Kestrel:Endpoints:More:Url=http://127.0.0.1:0"], "Kestrel:Endpoints:More: the hub has two listeners and no other" },
        { ["--environment=Development", Reachable], "ASPNETCORE_ENVIRONMENT: 'Development' is for a hub that others do not reach, and they reach http://0.0.0.0:0" },
        { ["--environment=Development", "--StreamHub:Listen:Admin=http://[::]:0"], "ASPNETCORE_ENVIRONMENT: " },
        { ["--DetailedErrors=true", Reachable], "ASPNETCORE_DETAILEDERRORS: 'true' shows the hub's inner workings to everybody who reaches http://0.0.0.0:0" },
        { ["--DetailedErrors=1", "--StreamHub:Listen:Admin=http://192.0.2.1:0"], "ASPNETCORE_DETAILEDERRORS: " },
        { ["--StreamHub:AdminBrowsers=some"], "StreamHub:AdminBrowsers: 'some' is not any or known" },
        { ["--StreamHub:Apps:Folders:0=apps"], "StreamHub:Apps:Folders: 'apps' is not the absolute path of a folder" },
        { ["--StreamHub:Apps:Environment:0=2ND"], "StreamHub:Apps:Environment: '2ND' is not a variable's name, or NAME=value" },
        { ["--StreamHub:Apps:Environment:0=A B=secret"], "StreamHub:Apps:Environment: 'A B' is not a variable's name" },
        { ["--StreamHub:Apps:Environment:0==secret"], "StreamHub:Apps:Environment: '' is not a variable's name" },
        { ["--StreamHub:Apps:Environment:0=STREAMHUB_TOKEN"], "StreamHub:Apps:Environment: 'STREAMHUB_TOKEN' is not a variable for apps" },
        { ["--StreamHub:Apps:Environment:0=StreamHub__Certificate__Password"], "StreamHub:Apps:Environment: 'StreamHub__Certificate__Password' is not a variable for apps" },
        { ["--StreamHub:Apps:Environment:0=streamhub_run=x"], "StreamHub:Apps:Environment: 'streamhub_run' is not a variable for apps" },
        { ["--StreamHub:Apps:Environment:0=ASPNETCORE_Kestrel__Certificates__Default__Password"], "StreamHub:Apps:Environment: 'ASPNETCORE_Kestrel__Certificates__Default__Password' is not" },
        { ["--StreamHub:Apps:Environment:0=ConnectionStrings__Hub"], "StreamHub:Apps:Environment: 'ConnectionStrings__Hub' is not" },
        { ["--StreamHub:Apps:Environment:0=NOTIFY_SOCKET"], "StreamHub:Apps:Environment: 'NOTIFY_SOCKET' is not a variable for apps" },
        { ["--StreamHub:Apps:Environment:0=A=1", "--StreamHub:Apps:Environment:1=A"], "StreamHub:Apps:Environment: 'A' is not a variable that is named once" },
        { ["--StreamHub:Apps:Environment:0=STREAMLIT_SERVER_PORT=1"], "StreamHub:Apps:Environment: 'STREAMLIT_SERVER_PORT' is not a variable for apps: the hub sets the option server.port itself" },
        { ["--StreamHub:Apps:Environment:0=STREAMLIT_SERVER_ENABLE_CORS=false"], "StreamHub:Apps:Environment: 'STREAMLIT_SERVER_ENABLE_CORS' is not" },
        { ["--StreamHub:KnownProxies:0=0.0.0.0/0"], "StreamHub:KnownProxies: '0.0.0.0/0' is not an IP address of one machine" },
        { ["--StreamHub:KnownProxies:0=10.0.0.0/8"], "StreamHub:KnownProxies: '10.0.0.0/8' is not an IP address of one machine" },
        { ["--StreamHub:KnownProxies:0=0.0.0.0"], "StreamHub:KnownProxies: '0.0.0.0' is not an IP address of one machine" },
        { ["--StreamHub:KnownProxies:0=::"], "StreamHub:KnownProxies: '::' is not an IP address of one machine" },
        { ["--StreamHub:Listen:Users=http://127.0.0.1:8080", "--StreamHub:Listen:Admin=http://127.0.0.1:8080"], "StreamHub:Listen:Admin: 'http://127.0.0.1:8080' is not a port other than that of Listen:Users" },
        { ["--StreamHub:Listen:Users=http://127.0.0.1:8080", "--StreamHub:Listen:Admin=http://[::1]:8080"], "StreamHub:Listen:Admin: " },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task An_insecure_setting_stops_the_start_with_its_name(string[] settings, string message)
    {
        var folder = new DirectoryInfo(TestDirectory.Create());
        var (exit, error) = await StartAsync(folder.FullName, settings);
        exit.Should().Be(1);
        error.Should().ContainSingle().Which.Should().StartWith(message);
        folder.EnumerateFileSystemInfos().Should().BeEmpty("nothing was begun");
        folder.Delete();
    }

    [Fact]
    public async Task What_is_harmless_on_loopback_starts_there()
    {
        var folder = new DirectoryInfo(TestDirectory.Create());
        await using (var app = HubApplication.Build(Arguments(folder.FullName, "--environment=Development", "--DetailedErrors=true", "--AllowedHosts=hub.corp")))
        {
            await app.StartAsync();
            await app.StopAsync();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Everything_that_the_environment_makes_insecure_is_named_at_once()
    {
        var starting = async () => await HubProcess.StartAsync(
            HubProcess.Built with
            {
                Environment = [("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true"), ("AllowedHosts", "*"), ("ASPNETCORE_ENVIRONMENT", "Development"), ("ASPNETCORE_DETAILEDERRORS", "true")],
            },
            Reachable);
        var refusal = (await starting.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Split('\n');
        refusal.Should().StartWith("The hub ended with exit code 1");
        foreach (var name in (string[])["ASPNETCORE_FORWARDEDHEADERS_ENABLED", "AllowedHosts", "ASPNETCORE_ENVIRONMENT", "ASPNETCORE_DETAILEDERRORS"])
        {
            refusal.Should().ContainSingle(line => line.StartsWith(name + ": '", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_data_directory_that_others_can_get_into_stops_the_start_until_it_is_closed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no modes.");
        var settings = TestHub.NewSettings();
        await (await TestHub.StartAsync(settings)).DisposeAsync();
        SetMode(settings.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute);

        var (exit, error) = await StartAsync(settings.DataDirectory);
        exit.Should().Be(1);
        error.Should().ContainSingle().Which.Should().Contain(settings.DataDirectory).And.Contain("OtherExecute").And.Contain("chmod 700");

        SetMode(settings.DataDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await (await TestHub.StartAsync(settings)).DisposeAsync();
    }

    [Fact]
    public async Task A_known_proxy_is_nobody()
    {
        var settings = TestHub.NewSettings();
        await using (var hub = await TestHub.StartAsync(settings, new UserEntry { Name = "kim", Role = "admin", Addresses = ["10.0.0.2"] }, new UserEntry { Name = "lee", Addresses = ["10.0.0.0/24"] }))
        {
            hub.Store.Current.Users.Should().HaveCount(2);
        }

        var (exit, error) = await StartAsync(settings.DataDirectory, "--StreamHub:KnownProxies:0=10.0.0.2");
        exit.Should().Be(1);
        error.Should().ContainSingle().Which.Should().StartWith("StreamHub:KnownProxies: '10.0.0.2' is also an address of the user kim.");

        await using var again = await TestHub.StartAsync(settings with { KnownProxies = [ClientAddress.Parse("10.0.0.3"), ClientAddress.Parse("127.0.0.3")] });
        var refused = await again.Editor.SaveUserAsync(new UserEntry { Name = "new", Addresses = ["10.0.0.3"] }, null, new Actor("test", null), default);
        refused.Errors.Should().ContainSingle().Which.ToString().Should().Contain("'10.0.0.3' is a known proxy's: everybody behind it would be new");
        (await again.AskAsync("/who", "127.0.0.3", headers: ("X-Forwarded-For", "10.0.0.4"))).Body.Should().Be("lee");
        (await again.AskAsync("/who", "127.0.0.3", headers: ("X-Forwarded-For", "10.0.0.3"))).Status.Should().Be(System.Net.HttpStatusCode.Forbidden);
    }

    private static string[] Arguments(string directory, params string[] settings) =>
        [$"--StreamHub:DataDirectory={directory}", "--StreamHub:Listen:Users=http://127.0.0.1:0", "--StreamHub:Listen:Admin=http://127.0.0.1:0", .. settings];

    private static async Task<(int Exit, string[] Error)> StartAsync(string directory, params string[] settings)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var command = new HubCommand(
            _ => HubApplication.RunAsync(Arguments(directory, settings)), _ => Task.FromResult(0), _ => Task.FromResult(0), HubApplication.Settings, output, error);
        var exit = await command.InvokeAsync([]).WaitAsync(FullHub.Patience);
        return (exit, error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }
}
