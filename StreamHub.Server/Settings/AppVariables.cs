namespace StreamHub.Server.Settings;

/// <summary>Reads <c>StreamHub:Apps:Environment</c>, the variables that every app gets.</summary>
internal static class AppVariables
{
    /// <summary>Where systemd tells a service what is its own: sd_notify(3), sd_listen_fds(3), systemd.exec(5).</summary>
    private static readonly string[] OfTheService = ["NOTIFY_SOCKET", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES", "WATCHDOG_PID", "WATCHDOG_USEC", "CREDENTIALS_DIRECTORY"];

    /// <param name="given"><c>NAME</c> hands on the hub's own variable, if it has it; <c>NAME=value</c> sets it.</param>
    /// <param name="find">The hub's own variables.</param>
    /// <param name="fail">Receives the name and what is accepted; never a value, which may be a secret.</param>
    public static Dictionary<string, string> Read(IEnumerable<string> given, Func<string, string?> find, Action<string, string> fail)
    {
        var variables = new Dictionary<string, string>(OperatingSystem.IsWindows() ? StringComparer.OrdinalIgnoreCase : StringComparer.Ordinal);
        var named = new HashSet<string>(variables.Comparer);
        foreach (var text in given)
        {
            var at = text.IndexOf('=', StringComparison.Ordinal);
            var name = at < 0 ? text : text[..at];
            if (!IsName(name))
            {
                fail(name, "a variable's name, or NAME=value: letters, digits and _, not a digit first");
            }
            else if (IsHubs(name, isHandedOn: at < 0))
            {
                fail(name, "a variable for apps: it is the hub's own, or may hold one of its secrets");
            }
            else if (!named.Add(name))
            {
                fail(name, "a variable that is named once");
            }
            else if ((at < 0 ? find(name) : text[(at + 1)..]) is { } value)
            {
                variables[name] = value;
            }
        }

        return variables;
    }

    /// <summary>Whether a text can be the name of a variable.</summary>
    public static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    // ASP.NET Core reads SECTION__KEY and ASPNETCORE_KEY as configuration, passwords of certificates and databases among them.
    private static bool IsHubs(string name, bool isHandedOn) =>
        name.StartsWith("STREAMHUB", StringComparison.OrdinalIgnoreCase)
        || OfTheService.Contains(name, StringComparer.OrdinalIgnoreCase)
        || (isHandedOn && (name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase) || name.Contains("__", StringComparison.Ordinal)));
}
