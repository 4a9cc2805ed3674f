namespace StreamHub.Server.Resources;

/// <summary>Names the texts of the admins' pages: <c>AdminText.resx</c> and its translations.</summary>
public sealed class AdminText;
