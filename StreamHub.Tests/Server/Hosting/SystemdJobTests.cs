using StreamHub.Server.Platform;

namespace StreamHub.Tests.Server.Hosting;

/// <summary>How a stop and a restart of the unit are told apart.</summary>
public sealed class SystemdJobTests
{
    [Theory]
    [InlineData("0::/system.slice/streamhub.service\n", "streamhub.service")]
    [InlineData("0::/system.slice/streamhub.service/hub\n", "streamhub.service")]
    [InlineData("0::/user.slice/user-1000.slice/user@1000.service/app.slice/hub@two.service\n", "hub@two.service")]
    [InlineData("12:pids:/system.slice/streamhub.service\n1:name=systemd:/system.slice/streamhub.service\n0::/\n", "streamhub.service")]
    [InlineData("0::/user.slice/user-1000.slice/session-2.scope\n", null)]
    [InlineData("0::/\n", null)]
    [InlineData("", null)]
    public void The_unit_is_told_by_the_control_group(string cgroup, string? unit) => SystemdJob.UnitOf(cgroup).Should().Be(unit);

    [Theory]
    [InlineData("1234 streamhub.service restart running\n", true)]
    [InlineData(" 11 other.service   start   waiting\n 12 streamhub.service restart running\n", true)]
    [InlineData("1234 streamhub.service stop running\n", false)]
    [InlineData("1234 streamhub.service start waiting\n", false)]
    [InlineData("1234 other-streamhub.service restart running\n", false)]
    [InlineData("1234 streamhub.service.d restart running\n", false)]
    [InlineData("No jobs running.\n", false)]
    [InlineData("", false)]
    public void Only_a_restart_of_this_unit_is_one(string jobs, bool isRestart) => SystemdJob.IsRestart(jobs, "streamhub.service").Should().Be(isRestart);

    [Fact]
    public void A_program_is_found_in_the_absolute_folders_of_the_path_alone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "systemd is Linux's.");
        SystemdJob.Find("sh", ".::bin:/nowhere:/bin").Should().Be("/bin/sh");
        SystemdJob.Find(Path.GetFileName(Environment.ProcessPath!), ".::").Should().BeNull();
        SystemdJob.Find("sh", null).Should().BeNull();
    }
}
