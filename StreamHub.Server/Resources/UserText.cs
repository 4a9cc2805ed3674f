namespace StreamHub.Server.Resources;

/// <summary>Names the texts of the users' pages.</summary>
public sealed class UserText;
