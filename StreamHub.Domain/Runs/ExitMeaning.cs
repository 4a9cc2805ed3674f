
namespace StreamHub.Domain.Runs;

/// <summary>The classification of an unexpected exit.</summary>
public enum ExitMeaning
{
    /// <summary>The process exited with code 0.</summary>
    Finished,

    /// <summary>The process exited with an error code.</summary>
    Failed,

    /// <summary>The process was killed from outside: by a person, or by the system when memory ran out.</summary>
    Killed,

    /// <summary>The process ran out of memory.</summary>
    NoMemory,

    /// <summary>The hub killed it because it exceeded its memory limit.</summary>
    OverMemory,

    /// <summary>The hub ended it because it was unresponsive.</summary>
    Hung,

    /// <summary>Another process asked it to end.</summary>
    Interrupted,

    /// <summary>A library or the interpreter aborted (<c>abort</c>, a failed assertion).</summary>
    Aborted,

    /// <summary>A library or the interpreter crashed: invalid memory access, invalid instruction, stack overflow.</summary>
    Broken,

    /// <summary>A required library could not be loaded.</summary>
    NotLoaded,

    /// <summary>The run exceeded its start timeout.</summary>
    Late,

    /// <summary>The process could not be started.</summary>
    NotLaunched,

    /// <summary>The hub ended it because it is forbidden to serve.</summary>
    Refused,

    /// <summary>The exit code is unknown.</summary>
    Unknown,
}
