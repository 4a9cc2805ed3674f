using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Settings;

namespace StreamHub.Server.History;

/// <summary>Crash reports as files, <c>crashes/{slug}/{run}.json</c>, so that they can be stored while the database is unavailable.</summary>
internal sealed class CrashReportStore(HubSettings settings)
{
    /// <summary>Number of reports per app.</summary>
    internal const int Kept = 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private readonly string root = Path.Combine(settings.DataDirectory, "crashes");

    /// <summary>The reports of an app, newest first; unreadable files are omitted.</summary>
    public IReadOnlyList<CrashReport> All(AppSlug app) => [.. Files(app).Select(Read).OfType<CrashReport>()];

    /// <summary>Stores a report; deletes the oldest beyond <see cref="Kept"/>.</summary>
    /// <exception cref="IOException">The report could not be written.</exception>
    public void Keep(CrashReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var app = AppSlug.Parse(report.App);
        var file = Path.Combine(Directory.CreateDirectory(DirectoryOf(app)).FullName, $"{new RunId(report.Run)}.json");
        AtomicFile.Write(file, JsonSerializer.SerializeToUtf8Bytes(report, Json));
        foreach (var old in Files(app).Skip(Kept))
        {
            File.Delete(old);
        }
    }

    private static CrashReport? Read(string file)
    {
        try
        {
            return JsonSerializer.Deserialize<CrashReport>(File.ReadAllBytes(file), Json);
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string DirectoryOf(AppSlug app) => Path.Combine(root, app.ToString());

    private IEnumerable<string> Files(AppSlug app) => Directory.Exists(DirectoryOf(app))
        ? Directory.GetFiles(DirectoryOf(app), "*.json").OrderByDescending(file =>
            long.TryParse(Path.GetFileNameWithoutExtension(file), NumberStyles.None, CultureInfo.InvariantCulture, out var run) ? run : 0)
        : [];
}
