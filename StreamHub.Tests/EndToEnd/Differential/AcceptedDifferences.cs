using System.Text.RegularExpressions;
using StreamHub.Tests.Rules;

namespace StreamHub.Tests.EndToEnd.Differential;

/// <summary>The differences that docs/apps.md names: its section "Differences from streamlit run", and the headers that an app receives.</summary>
internal sealed partial class AcceptedDifferences
{
    private AcceptedDifferences(IReadOnlyDictionary<string, string?> values, IReadOnlySet<string> names) => (Options, Names) = (values, names);

    /// <summary>The options that differ, each with its value under the hub; null where the value is told in words.</summary>
    public IReadOnlyDictionary<string, string?> Options { get; }

    /// <summary>What else differs.</summary>
    public IReadOnlySet<string> Names { get; }

    public static AcceptedDifferences Read()
    {
        var lines = File.ReadAllLines(Path.Combine(Sources.Root, "docs", "apps.md"));
        var rows = Section(lines, "### Differences from").Select(line => line.Split('|', StringSplitOptions.TrimEntries)).Where(cells => cells.Length > 3).ToArray();
        var options = rows.Where(cells => cells.Length == 6 && Code().IsMatch(cells[1]))
            .ToDictionary(cells => Code().Match(cells[1]).Groups[1].Value, cells => Whole().Match(cells[2]) is { Success: true } value ? value.Groups[1].Value : null, StringComparer.Ordinal);
        var names = rows.Where(cells => cells.Length == 5).Select(cells => Code().Match(cells[1]).Groups[1].Value);
        var headers = Section(lines, "**Identity**").TakeWhile(line => !line.StartsWith("**", StringComparison.Ordinal)).SelectMany(line => Header().Matches(line)).Select(match => match.Value);
        return new(options, names.Concat(headers).ToHashSet(StringComparer.OrdinalIgnoreCase));
    }

    private static IEnumerable<string> Section(string[] lines, string title) =>
        lines.SkipWhile(line => !line.StartsWith(title, StringComparison.Ordinal)).Skip(1).TakeWhile(line => !line.StartsWith('#'));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^`([^`]+)`$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"X-[A-Za-z-]+\w")]
    private static partial Regex Header();
}
