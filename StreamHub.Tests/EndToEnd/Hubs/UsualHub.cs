namespace StreamHub.Tests.EndToEnd.Hubs;

/// <summary>A hub with the limits and times of the product.</summary>
public sealed class UsualHub() : SharedHub;
