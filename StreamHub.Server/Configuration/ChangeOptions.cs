namespace StreamHub.Server.Configuration;

/// <summary>How a change is meant.</summary>
/// <param name="Plan">Change nothing; say what would change, and who would gain or lose access.</param>
/// <param name="Force">Change it even though it locks out the address that the actor is using. The last admin stays all the same.</param>
public readonly record struct ChangeOptions(bool Plan = false, bool Force = false);
