namespace StreamHub.Server.Resources;

/// <summary>Names the texts of the claim link's answers.</summary>
public sealed class ClaimText;
