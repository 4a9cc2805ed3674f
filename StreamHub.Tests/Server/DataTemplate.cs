using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Data;
using StreamHub.Server.Lifetime;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Tests.Server;

/// <summary>A data directory as the first start of a hub leaves it, with the demo app: made once for the test process and copied for each hub that is not given one.</summary>
internal static class DataTemplate
{
    private static readonly Lazy<Task<string>> Made = new(MakeAsync);

    /// <summary>Copies it to a directory that has no database.</summary>
    public static async Task BeginAsync(string directory)
    {
        if (File.Exists(HubDatabase.FileIn(directory)))
        {
            return;
        }

        foreach (var file in Directory.EnumerateFiles(await Made.Value))
        {
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)), overwrite: true);
        }
    }

    private static async Task<string> MakeAsync()
    {
        var directory = TestDirectory.Create();
        var nowhere = new IPEndPoint(IPAddress.Loopback, 0);
        await using (var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(new HubSettings(directory, nowhere, nowhere, [], [], "python3", 18500, 18999, new SupervisionLimits()))
            .AddSingleton(TimeProvider.System)
            .AddSingleton<SteadyClock>()
            .AddDatabase()
            .BuildServiceProvider())
        {
            await services.GetRequiredService<DatabasePreparation>().StartingAsync(CancellationToken.None);
        }

        // The last connection that closes leaves everything in the one file.
        SqliteConnection.ClearPool(new SqliteConnection(HubDatabase.ConnectionString(directory)));
        return directory;
    }
}
