namespace StreamHub.Server.Resources;

/// <summary>Names the texts of the claim link's answers.</summary>
internal sealed class ClaimText;
