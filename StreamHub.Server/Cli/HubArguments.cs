namespace StreamHub.Server.Cli;

/// <summary>
/// The command line in its two parts: what configures (<c>--StreamHub:Listen:Users=…</c>, any verb may have it) and
/// what the verb means. Configuration has keys that a parser of options cannot know.
/// </summary>
/// <param name="Configuration">For the configuration's command line provider.</param>
internal sealed record HubArguments(string[] Configuration, string[] Verb)
{
    public static HubArguments Split(IReadOnlyList<string> args)
    {
        var configuration = new List<string>();
        var verb = new List<string>();
        for (var i = 0; i < args.Count; i++)
        {
            if (!IsConfiguration(args[i]))
            {
                verb.Add(args[i]);
                continue;
            }

            configuration.Add(args[i]);
            if (!args[i].Contains('=', StringComparison.Ordinal) && i + 1 < args.Count && !args[i + 1].StartsWith('-'))
            {
                configuration.Add(args[++i]);
            }
        }

        return new HubArguments([.. configuration], [.. verb]);
    }

    /// <summary>A key has a colon before its value; no option of a verb has.</summary>
    private static bool IsConfiguration(string arg) =>
        arg.StartsWith("--", StringComparison.Ordinal) && arg.Split('=', 2)[0].Contains(':', StringComparison.Ordinal);
}
