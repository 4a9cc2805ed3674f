using StreamHub.Server.Runtimes;

namespace StreamHub.Server.Apps;

/// <summary>How an app is started.</summary>
/// <param name="CommandLine">For a shell: changes to the folder, and starts the program.</param>
/// <param name="IsStarted">Whether a run has told its options.</param>
internal sealed record StartView(string Folder, string CommandLine, IReadOnlyList<StartView.Variable> Variables, StartFacts Facts, bool IsStarted)
{
    /// <summary>A variable; its value may be a secret.</summary>
    internal sealed record Variable(string Name, StartSource Source);
}
