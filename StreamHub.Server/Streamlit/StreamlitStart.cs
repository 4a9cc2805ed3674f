using System.Globalization;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Streamlit;

/// <summary>Tells which options of Streamlit a run has, and who set them.</summary>
internal static class StreamlitStart
{
    /// <param name="required">The options that nothing overrides.</param>
    /// <param name="report">What the run tells; null when there is none.</param>
    public static StartFacts Explain(IReadOnlyList<(string Name, string Value)> required, AppEnvironment environment, RunReport? report)
    {
        var set = (report?.Options ?? []).ToDictionary(option => option.Name, StringComparer.Ordinal);
        var own = required.Concat(StreamlitOptions.Suggested).Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        StartOption[] others = [.. set.Values.Where(option => !own.Contains(option.Name)).Select(Given)];
        IEnumerable<StartOption> options =
        [
            .. required.Select(option => new StartOption(option.Name, option.Value, StartSource.Required)),
            .. StreamlitOptions.Suggested.Select(option => Suggested(option.Name, option.Value)),
            .. others,
        ];
        return new StartFacts([.. options.Where(option => report?.Unhooked.Contains(option.Name) != true)])
        {
            ShortSessions = others.FirstOrDefault(option => option.Name == StreamlitOptions.SessionTimeName
                && double.TryParse(option.Value, CultureInfo.InvariantCulture, out var seconds) && seconds < StreamlitOptions.SessionTime),
        };

        StartOption Suggested(string name, string value) =>
            set.TryGetValue(name, out var option) ? Given(option)
            : report is null && environment.Values.TryGetValue(StreamlitOptions.Variable(name), out var variable) ? new StartOption(name, variable, environment.SourceOf(StreamlitOptions.Variable(name)))
            : new StartOption(name, value, StartSource.Suggested);

        // Streamlit names the file; everything else is a variable, for the hub gives no other argument.
        StartOption Given(RunReport.Option option) => Path.IsPathFullyQualified(option.From)
            ? new StartOption(option.Name, option.Value, StartSource.File, option.From)
            : new StartOption(option.Name, option.Value, environment.SourceOf(StreamlitOptions.Variable(option.Name)));
    }
}
