namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>One thing that happens to a simulated hub.</summary>
internal sealed record Move(MoveKind Kind, int Which, int Amount);
