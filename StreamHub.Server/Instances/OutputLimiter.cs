using StreamHub.Server.Hosting;

namespace StreamHub.Server.Instances;

/// <summary>
/// Keeps the output of living runs bounded: past <see cref="Limit"/> the last part is copied aside and the file is
/// emptied. Processes append, so they go on writing at its new end and never wait.
/// </summary>
internal sealed partial class OutputLimiter(Supervisor supervisor, RunStore runs, SteadyClock clock, ILogger<OutputLimiter> logger)
    : BackgroundService
{
    /// <summary>Bytes that one run's output may reach between two looks.</summary>
    public const long Limit = 10 * 1024 * 1024;

    private const int Kept = 1024 * 1024;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock.TimeProvider);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var (_, run) in supervisor.State.Runs)
            {
                try
                {
                    Bound(runs.OutputFile(run.Id));
                }
                catch (IOException exception)
                {
                    Log.Failed(logger, run.Id, exception.Message);
                }
            }
        }
    }

    /// <summary>Shortens the file when it is over the limit.</summary>
    public static void Bound(string file)
    {
        if (!File.Exists(file) || new FileInfo(file).Length <= Limit)
        {
            return;
        }

        using var output = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        output.Seek(-Kept, SeekOrigin.End);
        using (var aside = new FileStream(file + ".1", FileMode.Create, FileAccess.Write))
        {
            // Not CopyTo: a process that prints faster than the disk writes would keep it busy for ever.
            var buffer = new byte[Kept];
            aside.Write(buffer, 0, output.ReadAtLeast(buffer, Kept, throwOnEndOfStream: false));
        }

        output.SetLength(0);
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Warning, "The output of run {Run} could not be shortened: {Message}")]
        public static partial void Failed(ILogger logger, Domain.Instances.RunId run, string message);
    }
}
