namespace StreamHub.Domain.Instances;

/// <summary>What is kept of a run that ended unasked: all that an admin needs to find out why.</summary>
/// <param name="User">Whose instance; null when shared.</param>
/// <param name="Lived">How long its process lived.</param>
/// <param name="Meaning">What its end comes to.</param>
/// <param name="Code">The system's name for it; null when it has none.</param>
/// <param name="ErrorLine">The line of the output that says what went wrong, or the hub's own message; null for none.</param>
/// <param name="Log">The last lines of its output, oldest first.</param>
/// <param name="Memory">Resident bytes of its process tree in its last minutes, one a second, oldest first.</param>
/// <param name="Sessions">Open sessions when it was last looked at: the people who were hit.</param>
/// <param name="Change">The last change of the app before it; null when none is known.</param>
public sealed record CrashReport(
    string App,
    string? User,
    long Run,
    DateTimeOffset At,
    TimeSpan Lived,
    ExitMeaning Meaning,
    string? Code,
    string? ErrorLine,
    IReadOnlyList<string> Log,
    IReadOnlyList<long> Memory,
    int Sessions,
    CrashReport.LastChange? Change)
{
    /// <summary>A change of an app.</summary>
    /// <param name="What">An action of the audit, as <c>app.changed</c>, or the path of the script that was written.</param>
    /// <param name="By">Who, as the audit names them; null for a file.</param>
    public sealed record LastChange(DateTimeOffset At, string What, string? By);
}
