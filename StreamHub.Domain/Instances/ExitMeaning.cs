namespace StreamHub.Domain.Instances;

/// <summary>What the unasked end of a run comes to, for people.</summary>
public enum ExitMeaning
{
    /// <summary>It ended by itself and said that all is well (exit code 0): nothing kept it running.</summary>
    Finished,

    /// <summary>Its own code gave up, with an exit code.</summary>
    Failed,

    /// <summary>It was killed from outside: by a person, or by the system when memory ran out.</summary>
    Killed,

    /// <summary>It had no memory left.</summary>
    NoMemory,

    /// <summary>The hub killed it because it took more memory than it may.</summary>
    OverMemory,

    /// <summary>The hub ended it because it did not answer any more.</summary>
    Hung,

    /// <summary>Somebody else asked it to end.</summary>
    Interrupted,

    /// <summary>A library or the interpreter gave up (<c>abort</c>, a failed check).</summary>
    Aborted,

    /// <summary>A library or the interpreter broke: wrong memory, wrong instruction, too deep a stack.</summary>
    Broken,

    /// <summary>A library that it needs could not be loaded.</summary>
    NotLoaded,

    /// <summary>It was not ready in time.</summary>
    Late,

    /// <summary>It could not be started at all.</summary>
    NotLaunched,

    /// <summary>The hub ended it because it may not serve.</summary>
    Refused,

    /// <summary>It ended, and nobody saw how.</summary>
    Unknown,
}
