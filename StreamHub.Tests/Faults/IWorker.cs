namespace StreamHub.Tests.Faults;

/// <summary>Somebody who works with the hub while things break.</summary>
internal interface IWorker : IDisposable
{
    /// <summary>Works until told to end.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
