using StreamHub.Domain.Telemetry;

namespace StreamHub.Tests.Domain.Telemetry;

/// <summary>Shares of the machine out of CPU times.</summary>
public sealed class CpuMeterTests
{
    [Theory]
    [InlineData(100, 0.5, 1, 1, 0.5)]
    [InlineData(0, 2, 1, 2, 1)]
    [InlineData(0, 1, 1, 4, 0.25)]
    [InlineData(0, 1, 4, 1, 0.25)]
    [InlineData(0, 9, 1, 1, 1)]
    public void A_tree_takes_a_share_of_all_cores(double earlier, double taken, double elapsed, int cores, double share) =>
        CpuMeter.TreeShare(TimeSpan.FromSeconds(earlier), TimeSpan.FromSeconds(earlier + taken), TimeSpan.FromSeconds(elapsed), cores).Should().Be(share);

    [Theory]
    [InlineData(5, 3, 1, 1)]
    [InlineData(3, 5, 0, 1)]
    [InlineData(3, 5, -1, 1)]
    [InlineData(3, 5, 1, 0)]
    public void A_tree_that_lost_a_process_or_a_moment_without_length_takes_nothing(double earlier, double later, double elapsed, int cores) =>
        CpuMeter.TreeShare(TimeSpan.FromSeconds(earlier), TimeSpan.FromSeconds(later), TimeSpan.FromSeconds(elapsed), cores).Should().Be(0);

    [Theory]
    [InlineData(1, 2, 4, 8, 0.25)]
    [InlineData(1, 4, 4, 8, 0.75)]
    [InlineData(4, 1, 4, 8, 0)]
    [InlineData(1, 2, 8, 8, 0)]
    [InlineData(1, 2, 8, 4, 0)]
    public void The_machine_is_busy_for_a_share_of_what_passed(double busyBefore, double busyNow, double before, double now, double share) =>
        CpuMeter.HostShare(Host(busyBefore, before), Host(busyNow, now)).Should().Be(share);

    [Fact]
    public void A_share_is_shown_in_percent_with_one_decimal_after_it_was_added_up() => CpuMeter.Percent((1.0 / 3000) + (1.0 / 3000)).Should().Be(0.1);

    private static HostReading Host(double busy, double total) => new(TimeSpan.FromSeconds(busy), TimeSpan.FromSeconds(total), 0, 0);
}
