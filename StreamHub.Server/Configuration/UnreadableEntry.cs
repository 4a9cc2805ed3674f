namespace StreamHub.Server.Configuration;

/// <summary>A stored app or user that cannot be read. It is kept unchanged until an admin saves or removes it.</summary>
/// <param name="Kind"><c>app</c> or <c>user</c>.</param>
/// <param name="Key">The slug or the name.</param>
/// <param name="Error">Path and reason, in English.</param>
public sealed record UnreadableEntry(string Kind, string Key, string Error);
