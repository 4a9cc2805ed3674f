using StreamHub.Domain.Instances;

namespace StreamHub.Server.Instances.Processes;

/// <summary>
/// What every process of a run carries, so that a later hub knows whose it is: the environment variable
/// <see cref="Variable"/> and, on Windows, the name of the job object.
/// </summary>
/// <param name="Hub">The random id of the data directory: 32 hexadecimal digits.</param>
/// <param name="Run">The run.</param>
public readonly record struct RunMark(string Hub, RunId Run)
{
    /// <summary>The environment variable that holds the mark.</summary>
    public const string Variable = "STREAMHUB_RUN";

    /// <inheritdoc/>
    public override string ToString() => $"{Hub}-{Run}";
}
