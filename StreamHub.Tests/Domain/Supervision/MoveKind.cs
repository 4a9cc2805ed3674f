namespace StreamHub.Tests.Domain.Supervision;

/// <summary>What can happen to a simulated hub; the order is that in which a failing history is simplified.</summary>
internal enum MoveKind
{
    Visit,
    Launches,
    Answers,
    Wait,
    Crashes,
    Obeys,
    Restart,
    Start,
    Stop,
    Retry,
    WaitLong,
    LaunchFails,
    SessionOpens,
    SessionCloses,
    Used,
    Stale,
    Register,
    RegisterAll,
    HubStop,
}
