namespace StreamHub.Server.Configuration;

/// <summary>Options of a change.</summary>
/// <param name="Plan">A dry run: report the changes, and who would gain or lose access.</param>
/// <param name="Force">Also lock out the actor's own address. At least one admin must remain all the same.</param>
public readonly record struct ChangeOptions(bool Plan = false, bool Force = false);
