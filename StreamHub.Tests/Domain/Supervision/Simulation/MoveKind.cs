namespace StreamHub.Tests.Domain.Supervision.Simulation;

/// <summary>What can happen to a simulated hub; the order is that in which a failing history is simplified.</summary>
internal enum MoveKind
{
    Visit,
    Launches,
    Answers,
    Wait,
    Crashes,
    Obeys,
    SessionOpens,
    SessionCloses,
    Used,
    WaitLong,
    Sleep,
    Restart,
    Start,
    Stop,
    Retry,
    LaunchFails,
    IsFound,
    Measure,
    Due,
    Stale,
    Register,
    RegisterAll,
    MaintenanceBegins,
    MaintenanceEnds,
    HubStops,
    HubLeaves,
    HubStarts,
}
