using System.Globalization;
using Serilog;
using Serilog.Events;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Lifetime;

/// <summary>
/// The hub's log: the console, and a daily file under <c>logs</c> in the data directory. Not Serilog's static logger: each hub
/// in a process has its own.
/// </summary>
internal static class HubLogging
{
    private const int KeptFiles = 30;
    private const long LargestFile = 20 * 1024 * 1024;
    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} [{Level:u3}] {Message:lj} ({SourceContext}){NewLine}{Exception}";

    public static IServiceCollection AddHubLogging(this IServiceCollection services, HubSettings settings) =>
        services.AddSerilog(log => log
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // It warns about unencrypted keys: these are in a directory that only the hub's account can read.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            // The caller of the database logs the failure once.
            .MinimumLevel.Override("Microsoft.EntityFrameworkCore", LogEventLevel.Fatal)
            .MinimumLevel.Override("Yarp", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .Filter.ByExcluding(static line => IsOfClient(line.Exception))
            .WriteTo.Console(outputTemplate: Line, formatProvider: CultureInfo.InvariantCulture)
            .WriteTo.File(
                Path.Combine(settings.DataDirectory, "logs", "hub-.log"),
                outputTemplate: Line,
                formatProvider: CultureInfo.InvariantCulture,
                rollingInterval: RollingInterval.Day,
                rollOnFileSizeLimit: true,
                fileSizeLimitBytes: LargestFile,
                retainedFileCountLimit: KeptFiles),
            preserveStaticLogger: true);

    // Invalid requests are counted in the audit; in the log, at 70 lines each, they could fill the disk.
    private static bool IsOfClient(Exception? exception)
    {
        while (exception is not null and not BadHttpRequestException)
        {
            exception = exception.InnerException;
        }

        return exception is not null;
    }
}
