using System.Text;

namespace StreamHub.Server.Processes.Windows;

/// <summary>
/// Converts arguments and environment to the strings of CreateProcessW. CommandLineToArgvW, which programs use to split their
/// command line, restores the same arguments.
/// </summary>
internal static class WindowsCommandLine
{
    /// <summary>Maximum length of a command line, including the terminating NUL.</summary>
    public const int Longest = 32767;

    private static readonly char[] Special = [' ', '\t', '\n', '\v', '"'];

    /// <summary>Joins program and arguments.</summary>
    /// <exception cref="ProcessStartException">An argument cannot be represented, or the command line is too long.</exception>
    public static string Join(IReadOnlyList<string> argv)
    {
        var line = new StringBuilder();
        for (var i = 0; i < argv.Count; i++)
        {
            RefuseNul(argv[i]);
            if (i == 0)
            {
                // The program name ends at the next quote: quotes cannot be escaped there.
                line.Append('"').Append(argv[0].Contains('"', StringComparison.Ordinal)
                    ? throw new ProcessStartException($"The program's name holds a quote: {argv[0]}")
                    : argv[0]).Append('"');
            }
            else
            {
                Append(line.Append(' '), argv[i]);
            }
        }

        return line.Length < Longest
            ? line.ToString()
            : throw new ProcessStartException($"The command line has {line.Length} characters; Windows takes {Longest - 1} at most.");
    }

    /// <summary>The environment block: <c>NAME=value</c>, sorted by name without regard to case, each terminated by NUL, with a final NUL.</summary>
    /// <exception cref="ProcessStartException">A variable cannot be represented.</exception>
    public static string EnvironmentBlock(IEnumerable<KeyValuePair<string, string>> variables)
    {
        // Names that differ only in case are the same variable; the later one counts.
        var sorted = new SortedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in variables)
        {
            RefuseNul(name);
            RefuseNul(value);
            sorted[name.Length > 0 && !name.Contains('=', StringComparison.Ordinal)
                ? name
                : throw new ProcessStartException($"'{name}' is not the name of a variable: it must not be empty nor hold '='.")] = value;
        }

        var block = new StringBuilder();
        foreach (var (name, value) in sorted)
        {
            block.Append(name).Append('=').Append(value).Append('\0');
        }

        // An empty block also ends with two NULs.
        return block.Append(sorted.Count == 0 ? "\0\0" : "\0").ToString();
    }

    /// <summary>Backslashes are literal, except before a quote: there two make one backslash, and an odd one escapes the quote.</summary>
    private static void Append(StringBuilder line, string argument)
    {
        if (argument.Length > 0 && argument.IndexOfAny(Special) < 0)
        {
            line.Append(argument);
            return;
        }

        line.Append('"');
        var backslashes = 0;
        foreach (var character in argument)
        {
            if (character == '\\')
            {
                backslashes++;
                continue;
            }

            line.Append('\\', character == '"' ? (backslashes * 2) + 1 : backslashes).Append(character);
            backslashes = 0;
        }

        line.Append('\\', backslashes * 2).Append('"');
    }

    private static void RefuseNul(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            throw new ProcessStartException("An argument or a variable holds a NUL character.");
        }
    }
}
