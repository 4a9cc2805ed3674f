using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;

namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What becomes of a run that takes more memory than it should (500 MiB) or may (900 MiB).</summary>
public sealed class MemoryLimitTests
{
    private readonly DrivenHub hub = new(DrivenHub.App("sales") with { Memory = new MemoryLimits(500 * DrivenHub.Mebibyte, 900 * DrivenHub.Mebibyte) });

    [Fact]
    public void A_run_whose_successor_failed_is_not_replaced_again_at_once()
    {
        Grow();
        hub.Exit(2);
        hub.Status("sales").Should().Be(InstanceStatus.Running);
        Used(595);
        hub.Effects.Should().BeEmpty();
        Used(5);
        hub.Effects.Should().ContainSingle().Which.Should().BeOfType<HubEffect.Launch>();
    }

    [Fact]
    public void Nobody_is_told_what_an_earlier_restart_was_for()
    {
        hub.Run("sales", 1);
        hub.Restart("sales", why: "new figures");
        hub.Exit(2);
        Used(1190);
        Grow(3);
        hub.Open(1);
        hub.Ready(3);
        hub.Find("sales").Runs[0].State.Should().BeOfType<RunState.Draining>().Which.Why.Should().BeNull();
    }

    /// <summary>Up to the start of the successor.</summary>
    private void Grow(long successor = 2)
    {
        if (hub.State.Runs.All(owned => owned.Run.Id.Value != 1))
        {
            hub.Run("sales", 1);
            Used(600);
        }

        hub.Measure(4000, (1, 501));
        Used(30);
        hub.Effects.Should().ContainSingle().Which.Run.Should().Be(new RunId(successor));
    }

    /// <summary>Time passes, and the run is not idle.</summary>
    private void Used(double seconds)
    {
        hub.Use(1);
        hub.Now += TimeSpan.FromSeconds(seconds - 30);
        hub.Use(1);
        hub.Wait(30);
    }
}
