using CsCheck;
using StreamHub.Server.Processes;
using StreamHub.Server.Processes.Windows;

namespace StreamHub.Tests.Server.Processes;

/// <summary>Runs everywhere: it is only text.</summary>
public sealed class WindowsCommandLineTests
{
    /// <summary>Cases of Microsoft's "Parsing C command-line arguments", and what Korean machines add.</summary>
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("", "\"\"")]
    [InlineData("a b", "\"a b\"")]
    [InlineData("a\tb", "\"a\tb\"")]
    [InlineData("매출 앱.py", "\"매출 앱.py\"")]
    [InlineData(@"C:\apps\sales.py", @"C:\apps\sales.py")]
    [InlineData(@"C:\with space\", @"""C:\with space\\""")]
    [InlineData(@"a\\b", @"a\\b")]
    [InlineData("a\"b", "\"a\\\"b\"")]
    [InlineData("a\\\"b", "\"a\\\\\\\"b\"")]
    [InlineData(@"a\\\b c", @"""a\\\b c""")]
    [InlineData("%PATH%&calc|^", "%PATH%&calc|^")]
    public void An_argument_is_quoted_when_it_has_to_be(string argument, string quoted) =>
        WindowsCommandLine.Join(["p.exe", argument]).Should().Be($"\"p.exe\" {quoted}");

    [Fact]
    public void What_was_joined_splits_into_the_same_arguments() =>
        Gen.Char[" \t\"\\aé한"].Array[0, 12].Select(characters => new string(characters)).Array[0, 5].Sample(arguments =>
            Split(WindowsCommandLine.Join([@"C:\Program Files\p.exe", .. arguments])).SequenceEqual([@"C:\Program Files\p.exe", .. arguments]));

    [Theory]
    [InlineData("p\".exe", "a", "*quote*")]
    [InlineData("p.exe", "a\0b", "*NUL*")]
    public void What_cannot_be_written_is_refused(string program, string argument, string message) =>
        FluentActions.Invoking(() => WindowsCommandLine.Join([program, argument])).Should().Throw<ProcessStartException>().WithMessage(message);

    [Fact]
    public void A_line_that_Windows_would_not_take_is_refused() =>
        FluentActions.Invoking(() => WindowsCommandLine.Join(["p.exe", new string('a', WindowsCommandLine.Longest)]))
            .Should().Throw<ProcessStartException>().WithMessage("*32766*");

    [Fact]
    public void The_environment_is_sorted_without_regard_to_case_and_a_later_value_counts() =>
        WindowsCommandLine.EnvironmentBlock(
        [
            new("path", "1"), new("b", "2"), new("A", ""), new("Path", "한=글"), new("_", "3"),
        ]).Should().Be("A=\0b=2\0path=한=글\0_=3\0\0");

    [Fact]
    public void An_empty_environment_is_two_terminators() => WindowsCommandLine.EnvironmentBlock([]).Should().Be("\0\0");

    [Theory]
    [InlineData("", "value")]
    [InlineData("a=b", "value")]
    [InlineData("a\0", "value")]
    [InlineData("a", "va\0lue")]
    public void A_variable_that_would_become_another_is_refused(string name, string value) =>
        FluentActions.Invoking(() => WindowsCommandLine.EnvironmentBlock([new(name, value)])).Should().Throw<ProcessStartException>();

    /// <summary>CommandLineToArgvW by its documentation: the program up to its quote; then 2n backslashes before a quote
    /// are n and the quote opens or closes, 2n+1 are n and a quote, others are themselves.</summary>
    private static List<string> Split(string line)
    {
        var programEnd = line.IndexOf('"', 1);
        var arguments = new List<string> { line[1..programEnd] };
        var i = programEnd + 1;
        while (i < line.Length)
        {
            while (i < line.Length && line[i] is ' ' or '\t')
            {
                i++;
            }

            var (text, quoted) = ("", false);
            for (; i < line.Length && (quoted || line[i] is not (' ' or '\t')); i++)
            {
                var backslashes = line.AsSpan(i).IndexOfAnyExcept('\\') is var run and >= 0 ? run : line.Length - i;
                i += backslashes;
                if (i < line.Length && line[i] == '"')
                {
                    text += new string('\\', backslashes / 2);
                    (text, quoted) = backslashes % 2 == 1 ? (text + '"', quoted) : (text, !quoted);
                }
                else
                {
                    text += new string('\\', backslashes);
                    i--;
                    if (backslashes == 0)
                    {
                        text += line[++i];
                    }
                }
            }

            arguments.Add(text);
        }

        return arguments;
    }
}
