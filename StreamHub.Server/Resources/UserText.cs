namespace StreamHub.Server.Resources;

/// <summary>Names the texts of the users' pages.</summary>
internal sealed class UserText;
