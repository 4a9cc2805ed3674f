using System.Net;
using System.Runtime.Versioning;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The hub as the service of a unit: in a control group of the unit's name, and with a systemctl that says what a test wants.</summary>
[Collection(EndToEndCollection.Name)]
[SupportedOSPlatform("linux")]
public sealed class SystemdTests
{
    [Theory]
    [InlineData("restart", true)]
    [InlineData("stop", false)]
    public async Task Apps_live_on_when_their_unit_is_restarted_and_end_when_it_is_stopped(string job, bool liveOn)
    {
        using var unit = Unit.Create(job);
        await using var hub = await HubProcess.StartAsync(unit.Launch, "--StreamHub:Apps:Ports=19500-19900");
        using var admin = new PersonaClient("127.0.0.1");
        (await DemoVisit.StatusAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        var pid = await DemoVisit.OpenAsync(hub, admin);

        (await hub.StopAsync()).Should().Be(0, hub.Output);

        Directory.Exists($"/proc/{pid}").Should().Be(liveOn);
        await hub.RestartAsync();
        var again = await DemoVisit.OpenAsync(hub, admin);
        again.Equals(pid).Should().Be(liveOn);
        await hub.StopAsync();
    }

    /// <summary>What systemd gives a service.</summary>
    private sealed class Unit : IDisposable
    {
        private readonly string group;
        private readonly DirectoryInfo tools = Directory.CreateTempSubdirectory("streamhub-systemctl-");

        private Unit(string group) => this.group = group;

        public HubLaunch Launch => HubProcess.Built with
        {
            File = Path.Combine(tools.FullName, "systemd"),
            Arguments = [HubProcess.Built.File, .. HubProcess.Built.Arguments],
            Environment = [("PATH", $"{tools.FullName}:{Environment.GetEnvironmentVariable("PATH")}")],
        };

        public static Unit Create(string job)
        {
            var name = $"streamhub-test-{Environment.ProcessId}.service";
            var mount = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).FirstOrDefault(words => words is [_, _, "cgroup2", ..])?[1];
            var own = File.ReadLines("/proc/self/cgroup").FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..].TrimEnd('/');
            var unit = new Unit($"{mount}{own}/{name}");
            try
            {
                Directory.CreateDirectory(unit.group);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                unit.tools.Delete();
                Assert.Skip($"The tests may make no control group: {exception.Message}");
            }

            unit.Write("systemctl", $"[ \"$1\" = list-jobs ] && echo '  97 {name} {job} running'");

            // A service is known by its parent's name: it passes the signal on, and ends as its child did.
            unit.Write("systemd", $"""
                echo 0 > '{unit.group}/cgroup.procs'
                "$@" &
                trap "kill -TERM $!" TERM
                wait $! || wait $!
                """);
            return unit;
        }

        private void Write(string program, string script)
        {
            var file = Path.Combine(tools.FullName, program);
            File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        public void Dispose()
        {
            Directory.Delete(group);
            tools.Delete(recursive: true);
        }
    }
}
