using System.Runtime.Versioning;

namespace StreamHub.Server.Processes.Linux;

/// <summary>A thread that has permanently restricted itself and then starts one process, which inherits the restrictions.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RestrictedThread : IDisposable
{
    private const int StackSize = 256 * 1024;

    private readonly TaskCompletionSource restricted = new();
    private readonly TaskCompletionSource ended = new();
    private readonly TaskCompletionSource<Action?> work = new();

    /// <param name="port">The port of the process; null for none.</param>
    public RestrictedThread(int? port, IReadOnlyList<FileRule> files, Action<RestrictedThread> restrict)
    {
        (Port, Files) = (port, files);
        new Thread(() => Live(restrict), StackSize) { IsBackground = true, Name = "process start" }.Start();
    }

    public int? Port { get; }

    public IReadOnlyList<FileRule> Files { get; }

    /// <summary>Starts the process, and ends the thread.</summary>
    /// <exception cref="ProcessStartException">The restriction failed; the process was not started.</exception>
    public void Run(Action start)
    {
        restricted.Task.GetAwaiter().GetResult();
        work.TrySetResult(start);
        ended.Task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void Dispose() => work.TrySetResult(null);

    private void Live(Action<RestrictedThread> restrict)
    {
        try
        {
            restrict(this);
            restricted.SetResult();
        }
        catch (Exception exception)
        {
            restricted.SetException(exception as ProcessStartException ?? new ProcessStartException(exception.Message, exception));
            return;
        }

        try
        {
            work.Task.GetAwaiter().GetResult()?.Invoke();
            ended.SetResult();
        }
        catch (Exception exception)
        {
            ended.SetException(exception as ProcessStartException ?? new ProcessStartException(exception.Message, exception));
        }
    }
}
