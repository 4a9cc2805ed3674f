using System.Text.RegularExpressions;

namespace StreamHub.Tests.Rules;

/// <summary>An event id names one message, so that who watches the log for it finds that and nothing else.</summary>
public sealed partial class LogRules
{
    [Fact]
    public void Every_log_message_has_an_event_id_of_its_own()
    {
        var messages = (
            from file in Sources.Files("StreamHub.Server", ".cs", ".razor")
            from Match message in Message().Matches(File.ReadAllText(file))
            select (File: Sources.Name(file), Id: message.Groups[1].Value)).ToArray();
        messages.Should().HaveCountGreaterThan(20, "a rule that looks at nothing holds nothing");
        messages.Where(message => message.Id.Length == 0).Select(message => message.File).Distinct().Should().BeEmpty("the compiler takes an id from the name of the method, and many are called Failed");
        messages.GroupBy(message => message.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(message => message.File))}").Should().BeEmpty();
    }

    [Theory]
    [InlineData("[LoggerMessage(1401, LogLevel.Error, \"x\")]", "1401")]
    [InlineData("[LoggerMessage(LogLevel.Error, \"x\")]", "")]
    public void The_id_of_a_message_is_found(string code, string id) => Message().Match(code).Groups[1].Value.Should().Be(id);

    [GeneratedRegex(@"\[LoggerMessage\((\d*)")]
    private static partial Regex Message();
}
