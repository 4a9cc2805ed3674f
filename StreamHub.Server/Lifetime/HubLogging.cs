using System.Globalization;
using Serilog;
using Serilog.Events;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Lifetime;

/// <summary>The hub's own log: the console, and a file a day under <c>logs</c> in the data directory. Not Serilog's static one: hubs in one process have one each.</summary>
internal static class HubLogging
{
    private const int KeptFiles = 30;
    private const long LargestFile = 20 * 1024 * 1024;
    private const string Line = "{Timestamp:yyyy-MM-dd HH:mm:ss.fff} [{Level:u3}] {Message:lj} ({SourceContext}){NewLine}{Exception}";

    public static IServiceCollection AddHubLogging(this IServiceCollection services, HubSettings settings) =>
        services.AddSerilog(log => log
            .MinimumLevel.Information()
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            // It warns that keys lie unencrypted: so they do, in a directory that only the hub's account may read.
            .MinimumLevel.Override("Microsoft.AspNetCore.DataProtection", LogEventLevel.Error)
            // Whoever asked the database says what failed, and says it once.
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

    // What a client sent wrongly is counted in the audit; here it would be a way to fill the disk, 70 lines at a time.
    private static bool IsOfClient(Exception? exception)
    {
        while (exception is not null and not BadHttpRequestException)
        {
            exception = exception.InnerException;
        }

        return exception is not null;
    }
}
