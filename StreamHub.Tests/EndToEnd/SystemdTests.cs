using System.Net;
using System.Runtime.Versioning;
using StreamHub.Tests.Faults;
using StreamHub.Tests.TestKit;

namespace StreamHub.Tests.EndToEnd;

/// <summary>The hub as the service of a unit: in a control group of the unit's name, and with a systemctl that says what a test wants.</summary>
[SupportedOSPlatform("linux")]
public sealed class SystemdTests
{
    [Fact]
    public async Task Apps_live_on_when_their_unit_is_restarted_and_end_when_it_is_stopped()
    {
        await using var unit = Unit.Create();
        await using var hub = await HubProcess.StartAsync(unit.Launch);
        using var admin = new PersonaClient("127.0.0.1");
        (await DemoVisit.ClaimAsync(admin, hub.ClaimLink!)).Should().Be(HttpStatusCode.SeeOther);
        var pid = await DemoVisit.OpenAsync(hub, admin);

        unit.Job = "restart";
        (await hub.StopAsync()).Should().Be(0, hub.Output);
        Census.StartTime(pid).Should().NotBeNull();
        await hub.RestartAsync();
        (await DemoVisit.OpenAsync(hub, admin)).Should().Be(pid);

        unit.Job = "stop";
        (await hub.StopAsync()).Should().Be(0, hub.Output);
        Census.StartTime(pid).Should().BeNull();
    }

    /// <summary>What systemd gives a service.</summary>
    private sealed class Unit : IAsyncDisposable
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

        /// <summary>What systemd is doing with it.</summary>
        public string Job { set => File.WriteAllText(Path.Combine(tools.FullName, "job"), $"  97 {Path.GetFileName(group)} {value} running\n"); }

        public static Unit Create()
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

            unit.Write("systemctl", $"[ \"$1\" = list-jobs ] && cat '{unit.tools.FullName}/job'");

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

        public async ValueTask DisposeAsync()
        {
            // Who has ended leaves the group a moment later.
            await Eventually.TrueAsync(IsRemoved);
            tools.Delete(recursive: true);
        }

        private bool IsRemoved()
        {
            try
            {
                foreach (var run in Directory.EnumerateDirectories(group))
                {
                    Directory.Delete(run);
                }

                Directory.Delete(group);
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        }
    }
}
