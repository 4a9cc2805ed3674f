using StreamHub.Domain.Runs;

namespace StreamHub.Tests.Domain.Instances;

/// <summary>What missing answers say. A check each second: '.' an answer, 'b' none and computing, 'i' none and idle, '?' none and not measured.</summary>
public sealed class AnswerRecordTests
{
    private static readonly DateTimeOffset Begin = DateTimeOffset.UnixEpoch;

    /// <param name="since">The second since when it is so.</param>
    /// <param name="ends">The second at which it is ended: 60 s of silence, 300 s of computing.</param>
    [Theory]
    [InlineData("", null, 0, 0)]
    [InlineData(".ii", null, 0, 0)]
    [InlineData("ibi", HungReason.Busy, 0, 300)]
    [InlineData(".iii", HungReason.NoAnswer, 1, 61)]
    [InlineData("bbb", HungReason.Busy, 0, 300)]
    [InlineData("bbbbii", HungReason.Busy, 0, 300)]
    [InlineData("bbbbiii", HungReason.NoAnswer, 4, 64)]
    [InlineData("???????", HungReason.Busy, 0, 300)]
    [InlineData("i?i?i", HungReason.NoAnswer, 0, 60)]
    [InlineData("??iii", HungReason.NoAnswer, 2, 62)]
    [InlineData("iiiib", HungReason.Busy, 0, 300)]
    [InlineData("iiiibiiii", HungReason.NoAnswer, 5, 65)]
    [InlineData("bbbbii.", null, 0, 0)]
    [InlineData("bbbbii.ii", null, 0, 0)]
    public void Silence_is_unresponsive_and_computing_is_busy(string checks, HungReason? reason, int since, int ends)
    {
        var record = AnswerRecord.Kept;
        foreach (var (second, check) in checks.Index())
        {
            record = check == '.' ? AnswerRecord.Kept : record.Missed(Begin.AddSeconds(second), check == '?' ? null : check == 'b');
        }

        record.Hang(TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(300)).Should().Be(
            reason is { } found ? new RunHang(found, Begin.AddSeconds(since), Begin.AddSeconds(ends)) : null);
        record.IsKept.Should().Be(checks.Length == 0 || checks.EndsWith('.'));
    }
}
