namespace StreamHub.Server.Cli;

/// <summary>
/// The two parts of the command line: configuration (<c>--StreamHub:Listen:Users=…</c>, accepted by every command) and the command with its
/// options. The option parser cannot know the configuration keys.
/// </summary>
/// <param name="Configuration">For the command-line configuration provider.</param>
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

    /// <summary>A configuration key contains a colon before its value; options of commands never do.</summary>
    private static bool IsConfiguration(string arg) =>
        arg.StartsWith("--", StringComparison.Ordinal) && arg.Split('=', 2)[0].Contains(':', StringComparison.Ordinal);
}
