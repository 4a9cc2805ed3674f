namespace StreamHub.Server.Data;

public enum DatabaseFaultKind
{
    /// <summary>The file does not exist.</summary>
    Missing,

    /// <summary>The file is corrupt or is no SQLite database.</summary>
    Damaged,

    /// <summary>Another program holds an exclusive lock.</summary>
    Locked,

    /// <summary>The file is not writable.</summary>
    ReadOnly,

    /// <summary>The disk is full.</summary>
    Full,

    /// <summary>Any other fault: a disk error, or a schema that this version does not support.</summary>
    Failing,
}
