using System.Globalization;
using System.Text.RegularExpressions;
using StreamHub.Tests.Rules;

namespace StreamHub.Tests.Server.Gateway;

/// <summary>Differences between two messages, and those that docs/apps.md lists.</summary>
internal sealed partial class HttpDifferences
{
    /// <summary>The difference of what the hub itself serves for Streamlit.</summary>
    public const string PageFiles = "response files of the page";

    private const string Chapter = "## What the hub changes";

    private readonly (string Name, bool IsStreamlits)[] accepted = Read();
    private readonly HashSet<(string Name, bool IsStreamlits)> used = [];
    private readonly List<string> wrong = [];

    /// <summary>The differences that the page does not list, one a line.</summary>
    public string Wrong => string.Join('\n', wrong);

    /// <summary>What the page lists and no test has seen.</summary>
    public IEnumerable<string> Unused => accepted.Except(used).Select(row => row.Name);

    /// <summary>Takes down what differs.</summary>
    /// <param name="place">What was compared.</param>
    public void Add(string place, IEnumerable<(string Difference, string Detail)> differences, bool isStreamlit = false)
    {
        foreach (var (difference, detail) in differences)
        {
            var row = Array.Find(accepted, row => (!row.IsStreamlits || isStreamlit)
                && (row.Name.EndsWith('*') ? difference.StartsWith(row.Name[..^1], StringComparison.OrdinalIgnoreCase) : difference.Equals(row.Name, StringComparison.OrdinalIgnoreCase)));
            if (row.Name is null)
            {
                wrong.Add($"{place}: {difference}: {detail}");
            }
            else
            {
                used.Add(row);
            }
        }
    }

    /// <summary>What differs between two messages, each as <c>request Name</c> or <c>response Name</c>.</summary>
    public static IEnumerable<(string Difference, string Detail)> Between(string kind, RawMessage left, RawMessage right)
    {
        if (!left.IsComplete)
        {
            // How much of it arrives before the connection breaks is chance; that it breaks is not.
            return right.IsComplete ? [($"{kind} completeness", "it seems whole")] : [];
        }

        return StartLines().Concat(Headers()).Concat(Bodies());

        // HTTP-version, status and reason phrase; method, target and version.
        IEnumerable<(string, string)> StartLines() =>
            from pair in (kind == "response" ? new[] { "version", "status", "reason phrase" } : ["method", "target", "version"]).Zip(Words(left).Zip(Words(right)))
            where pair.Second.First != pair.Second.Second
            select ($"{kind} {pair.First}", Detail(pair.Second.First, pair.Second.Second));

        IEnumerable<(string, string)> Headers()
        {
            foreach (var name in left.Headers.Concat(right.Headers).Select(header => header.Name).Distinct(StringComparer.OrdinalIgnoreCase))
            {
                var (before, after) = (Values(left, name), Values(right, name));
                if (before != after)
                {
                    yield return (before.Replace(" | ", ", ", StringComparison.Ordinal) == after ? $"{kind} repeated header"
                        : before.Any(char.IsControl) && string.Concat(before.Select(character => character is not '\t' and (< ' ' or '\u007f') ? ' ' : character)).Trim() == after ? $"{kind} control characters in headers"
                        : $"{kind} {name}", Detail(before, after));
                }
            }

            string[][] names = [.. ((RawMessage[])[left, right]).Select(message => message.Headers.Select(header => header.Name).Distinct(StringComparer.OrdinalIgnoreCase).ToArray())];
            string[][] common = [.. names.Select((own, index) => own.Intersect(names[1 - index], StringComparer.OrdinalIgnoreCase).ToArray())];
            if (!common[0].SequenceEqual(common[1], StringComparer.OrdinalIgnoreCase))
            {
                yield return ($"{kind} order of headers", Detail(string.Join(' ', common[0]), string.Join(' ', common[1])));
            }

            if (!common[0].Order(StringComparer.OrdinalIgnoreCase).SequenceEqual(common[1].Order(StringComparer.OrdinalIgnoreCase)))
            {
                yield return ($"{kind} spelling of header names", Detail(string.Join(' ', common[0]), string.Join(' ', common[1])));
            }
        }

        IEnumerable<(string, string)> Bodies() =>
            from part in new (string Name, object Before, object After)[]
            {
                ("body", left.Body, right.Body), ("trailer fields", left.Trailers.Length, right.Trailers.Length), ("interim responses", left.Interim, right.Interim), ("completeness", left.IsComplete, right.IsComplete),
            }
            where !part.Before.Equals(part.After)
            select ($"{kind} {part.Name}", Detail(part.Before, part.After));
    }

    private static string[] Words(RawMessage message) => message.Start.Split(' ', 3) is [var first, var second] ? [first, second, ""] : message.Start.Split(' ', 3);

    private static string Detail(object before, object after) => $"'{Short(before)}' is '{Short(after)}'";

    private static string Short(object value) => value.ToString() is { Length: > 300 } text ? $"{text[..300]}… ({text.Length})" : value.ToString()!;

    // The second in which an answer was written is chance.
    private static string Values(RawMessage message, string name) => string.Join(" | ",
        from header in message.Headers
        where header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)
        select header.Name.Equals("Date", StringComparison.OrdinalIgnoreCase) && DateTimeOffset.TryParseExact(header.Value, "R", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) && date.Year > 2020 ? "(now)" : header.Value);

    /// <summary>The accepted differences, as "request Name" or "response Name"; some of them for Streamlit only.</summary>
    private static (string Name, bool IsStreamlits)[] Read()
    {
        var page = File.ReadAllText(Path.Combine(Sources.Root, "docs", "apps.md"));
        var start = page.IndexOf(Chapter, StringComparison.Ordinal);
        start.Should().BePositive();
        var end = page.IndexOf("\n## ", start + 1, StringComparison.Ordinal);
        return
        [
            .. from row in Row().Matches(page[start..(end < 0 ? page.Length : end)])
               from name in row.Groups[1].Value.Split(", ")
               from kind in row.Groups[2].Value.Split(" and ")
               select ($"{kind} {name.Replace("`", "", StringComparison.Ordinal)}", row.Groups[3].Value.Contains("Streamlit", StringComparison.Ordinal)),
        ];
    }

    [GeneratedRegex("^\\| ([^|]+) \\| (request|response|request and response) \\| ([^|]+) \\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
