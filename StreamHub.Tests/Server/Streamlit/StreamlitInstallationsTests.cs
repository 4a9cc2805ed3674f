using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StreamHub.Domain.Apps;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;
using StreamHub.Server.Streamlit;

namespace StreamHub.Tests.Server.Streamlit;

/// <summary>What is known of an interpreter while people install, upgrade and rebuild its environment.</summary>
public sealed class StreamlitInstallationsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
    private readonly string environment = TestDirectory.Create();
    private FullHub hub = null!;
    private StreamlitInstallations installations = null!;

    private string Python => Path.Combine(environment, "python");

    public async ValueTask InitializeAsync()
    {
        hub = await FullHub.StartAsync();
        installations = new StreamlitInstallations(
            hub.Get<HubSettings>(), hub.Get<RunStore>(), hub.Get<IProcessHost>(), new SteadyClock(time), NullLogger<StreamlitInstallations>.Instance);
    }

    public ValueTask DisposeAsync() => hub.DisposeAsync();

    [Fact]
    public async Task An_environment_that_is_made_after_its_app_is_found()
    {
        (await installations.FindAsync(Python)).Should().BeNull();
        var folder = await InstallAsync("1.67.0");
        (await installations.FindAsync(Python)).Should().BeNull("an interpreter is not asked at each request");

        time.Advance(StreamlitInstallations.RetryInterval);

        (await installations.FindAsync(Python)).Should().Be(new StreamlitInstallation(folder, "1.67.0"));
    }

    [Fact]
    public async Task An_environment_that_is_rebuilt_for_another_Python_is_looked_at_again()
    {
        var app = new App(AppSlug.Parse("sales"), "Sales", new AppRuntime.Streamlit("/app.py", Python));
        var before = await InstallAsync("1.66.0");
        await installations.FindAsync(Python);
        installations.Known(app)!.Folder.Should().Be(before);

        Directory.Delete(before, recursive: true);
        var after = await InstallAsync("1.67.0");
        installations.Known(app).Should().BeNull("its files are gone, and the app has to answer for the new ones");
        time.Advance(StreamlitInstallations.RetryInterval);
        await installations.FindAsync(Python);

        installations.Known(app)!.Folder.Should().Be(after);
    }

    [Fact]
    public async Task Only_the_end_of_what_an_interpreter_prints_is_read()
    {
        const string Much = "head -c 100000 /dev/zero | tr '\\0' ' '";
        var folder = await InstallAsync("1.66.0", before: $"{Much}; echo");
        (await installations.FindAsync(Python)).Should().Be(new StreamlitInstallation(folder, "1.66.0"));

        var longer = Path.Combine(environment, "longer");
        File.Copy(Python, longer);
        await File.WriteAllTextAsync(longer, $"#!/bin/sh\nprintf '{{\"folder\": \"{folder}\",'; {Much}; echo '\"version\": \"1.66.0\"}}'\n");
        (await installations.FindAsync(longer)).Should().BeNull();
    }

    private async Task<string> InstallAsync(string version, string before = ":")
    {
        var folder = Path.Combine(environment, version, "streamlit");
        Directory.CreateDirectory(Path.Combine(folder, "static"));
        await File.WriteAllTextAsync(Python, $"#!/bin/sh\n{before}\necho '{{\"folder\": \"{folder}\", \"version\": \"{version}\"}}'\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Python, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        return folder;
    }
}
