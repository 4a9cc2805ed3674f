
namespace StreamHub.Domain.Runs;

/// <summary>The diagnosis of an unexpected exit: everything an admin needs to find the cause.</summary>
/// <param name="User">The owner of the instance; null when shared.</param>
/// <param name="Code">The system's name for the exit; null for none.</param>
/// <param name="ErrorLine">The error line of the output, or the hub's own message; null for none.</param>
/// <param name="Log">The last lines of its output, oldest first.</param>
/// <param name="Memory">Memory of the process tree in bytes in the last minutes, one value a second, oldest first.</param>
/// <param name="Sessions">Open sessions at the last measurement: the affected sessions.</param>
/// <param name="Fault">The cause of a failed start; null when the run was ready, or when unknown.</param>
/// <param name="Change">The last change of the app before the exit; null when unknown.</param>
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
    CrashReport.LastChange? Change,
    StartFault? Fault = null)
{
    /// <summary>A change of an app.</summary>
    /// <param name="What">An action of the audit, such as <c>app.changed</c>, or the path of the modified script.</param>
    /// <param name="By">The actor in the audit; null for a file change.</param>
    public sealed record LastChange(DateTimeOffset At, string What, string? By);
}
