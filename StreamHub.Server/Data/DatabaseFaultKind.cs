namespace StreamHub.Server.Data;

/// <summary>What may be wrong with the database.</summary>
public enum DatabaseFaultKind
{
    /// <summary>Its file is not there.</summary>
    Missing,

    /// <summary>Its file is not, or not wholly, what SQLite wrote.</summary>
    Damaged,

    /// <summary>Another program holds it for itself.</summary>
    Locked,

    /// <summary>It may not be written.</summary>
    ReadOnly,

    /// <summary>There is no room left on the disk.</summary>
    Full,

    /// <summary>Anything else: the disk fails, or what is stored is not what this hub knows.</summary>
    Failing,
}
