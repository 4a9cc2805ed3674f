using System.Text.RegularExpressions;

namespace StreamHub.Tests.Rules;

/// <summary>docs/threats.md names tests and types that there are, and leaves no threat out.</summary>
public sealed partial class ThreatRules
{
    private const int Threats = 40;

    private static readonly string[] Rows = [.. File.ReadLines(Path.Combine(Sources.Root, "docs", "threats.md")).Where(line => line.StartsWith("| T", StringComparison.Ordinal))];

    [Fact]
    public void Every_threat_has_one_row() =>
        Rows.SelectMany(row => Number().Matches(row.Split('|')[1]).Select(number => int.Parse(number.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)))
            .Should().Equal(Enumerable.Range(1, Threats));

    [Fact]
    public void Every_threat_names_a_test_or_says_that_it_is_not_mitigated() =>
        Rows.Where(row => !Name().IsMatch(row.Split('|')[4]) && !row.Contains("**Not mitigated**", StringComparison.Ordinal)).Should().BeEmpty();

    [Fact]
    public void Every_test_and_type_that_is_named_exists()
    {
        var types = typeof(ThreatRules).Assembly.GetTypes().Concat(typeof(StreamHub.Server.HubApplication).Assembly.GetTypes()).Concat(typeof(StreamHub.Domain.Access.ClientAddress).Assembly.GetTypes())
            .Select(type => type.Name).ToHashSet(StringComparer.Ordinal);
        string[] named = [.. Rows.SelectMany(row => row.Split('|')[3..]).SelectMany(cell => Name().Matches(cell)).Select(name => name.Groups[1].Value).Distinct()];
        named.Should().HaveCountGreaterThan(30);
        named.Except(types).Should().BeEmpty();
    }

    [GeneratedRegex("T([0-9]+)")]
    private static partial Regex Number();

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Name();
}
