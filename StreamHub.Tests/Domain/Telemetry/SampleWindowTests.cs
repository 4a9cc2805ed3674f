using StreamHub.Domain.Telemetry;

namespace StreamHub.Tests.Domain.Telemetry;

public sealed class SampleWindowTests
{
    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "1 2")]
    [InlineData(3, "1 2 3")]
    [InlineData(4, "2 3 4")]
    [InlineData(8, "6 7 8")]
    public void The_last_samples_are_kept_oldest_first(int added, string kept)
    {
        var window = new SampleWindow(3);
        for (var sample = 1; sample <= added; sample++)
        {
            window.Add(sample);
        }

        string.Join(' ', window.Values()).Should().Be(kept);
    }

    [Fact]
    public void What_was_read_does_not_change_with_the_window()
    {
        var window = new SampleWindow(2);
        window.Add(1);
        var read = window.Values();
        window.Add(2);
        window.Add(3);
        read.Should().Equal(1);
    }
}
