namespace StreamHub.Tests.Faults;

/// <summary>A fault that can happen to a hub.</summary>
/// <param name="Id">Its number, such as <c>F2</c>.</param>
/// <param name="InjectAsync">Makes it happen, and holds the hub to what it has to do about it.</param>
internal sealed record Fault(string Id, string Title, Func<FaultScene, Task> InjectAsync);
