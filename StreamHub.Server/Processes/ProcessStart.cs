using StreamHub.Domain.Runs;

namespace StreamHub.Server.Processes;

/// <summary>The parameters of a process start.</summary>
/// <param name="Mark">The mark of the run; the process host adds it to the environment.</param>
/// <param name="Argv">Program and arguments; a program without a directory is looked up in the PATH of <paramref name="Environment"/>.</param>
/// <param name="WorkingDirectory">Absolute path.</param>
/// <param name="Environment">The complete environment of the process: nothing is inherited.</param>
/// <param name="OutputFile">Absolute path of the file to which stdout and stderr are appended; created when missing.</param>
internal sealed record ProcessStart(
    RunMark Mark,
    IReadOnlyList<string> Argv,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment,
    AppEndpoint? Endpoint,
    string OutputFile);
