using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Runtimes;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// The Streamlit installation of each interpreter, cached. The query is repeated after a while if it failed or found none, and
/// after a change of the interpreter or its packages.
/// </summary>
internal sealed partial class StreamlitInstallations(HubSettings settings, RunStore runs, IProcessHost host, SteadyClock clock, ILogger<StreamlitInstallations> logger)
{
    public static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    // Finds the package without importing it. -I would also drop the user's site-packages, where pip may have put it.
    private const string Question = """
        import importlib.metadata as m, importlib.util as u, json, os
        s = u.find_spec("streamlit")
        print(json.dumps({"folder": os.path.dirname(s.origin), "version": m.version("streamlit")} if s else None))
        """;

    // The interpreter may be an app's own and print anything before the answer.
    private const int LargestAnswer = 16 * 1024;

    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Answer> answers = new(StringComparer.Ordinal);

    // Descending from the largest number, which real runs never reach.
    private long number = long.MaxValue;

    /// <summary>An app's Streamlit, if it is known; otherwise starts a query in the background.</summary>
    public StreamlitInstallation? Known(App app) =>
        app.Runtime is AppRuntime.Streamlit ? Current(StreamlitLaunch.Interpreter(app, settings)).Valid() : null;

    /// <summary>
    /// Where an app's page comes from: the runs tell, which may have started before or after a change of the environment; without
    /// any, the interpreter.
    /// </summary>
    public IReadOnlyList<StreamlitFolder> FoldersOf(App app, RunReports reports, StreamlitPages pages)
    {
        StreamlitFolder[] loaded =
        [
            .. pages.Loaded(app),
            .. from folder in reports.Of(app.Slug).Select(static known => known.Report.Folder).OfType<string>().Distinct(StringComparer.Ordinal)
               let files = StreamlitInstallation.StaticFolderOf(folder)
               where Directory.Exists(files)
               select new StreamlitFolder(files, IsOfRun: true),
        ];
        StreamlitFolder[] told = loaded.Length > 0 ? loaded : Known(app) is { } known ? [new StreamlitFolder(known.StaticFolder, IsOfRun: false)] : [];
        return [.. told, .. pages.Former(app)];
    }

    /// <summary>The Streamlit of an interpreter; null when either is missing.</summary>
    public Task<StreamlitInstallation?> FindAsync(string python) => Current(python).Installation;

    private Answer Current(string python)
    {
        var answer = answers.GetOrAdd(python, Ask);
        if (clock.Now - answer.Asked < RetryInterval || !answer.Installation.IsCompleted || answer.Valid() is not null)
        {
            return answer;
        }

        var next = Ask(python);
        return answers.TryUpdate(python, next, answer) ? next : answers.GetOrAdd(python, next);
    }

    private Answer Ask(string python) => new(python, clock.Now, () => Task.Run(() => AskAsync(python)));

    /// <summary>
    /// Queries the interpreter like a run of an app, because it executes start-up code of its packages: marked, isolated, and
    /// killed with its process tree.
    /// </summary>
    private async Task<StreamlitInstallation?> AskAsync(string python)
    {
        if (!settings.Folders.AllowsInterpreter(python))
        {
            Log.NotAsked(logger, python, $"it does not lie in one of the folders for apps (StreamHub:Apps:Folders): {settings.Folders}");
            return null;
        }

        var (mark, output) = (new RunMark(runs.HubId, new RunId(Interlocked.Decrement(ref number))), Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
        var environment = AppEnvironment.Inherit(settings).Values;
        environment["PYTHONSAFEPATH"] = "1";
        new RunFolders(settings).Replace(environment);
        ProcessIdentity? asked = null;
        try
        {
            using var timeout = new CancellationTokenSource(AnswerTimeout, clock.TimeProvider);
            asked = host.Start(new ProcessStart(mark, [python, "-c", Question], AppContext.BaseDirectory, environment, Endpoint: null, output));
            var end = await host.WaitForExitAsync(asked, timeout.Token);
            var answer = LastLine(output);
            var found = end is ExitOutcome.Exited { Code: 0 } ? JsonSerializer.Deserialize<StreamlitInstallation>(answer, JsonSerializerOptions.Web) : null;
            Log.Found(logger, python, found?.Version ?? "none");
            return found;
        }
        catch (Exception exception) when (exception is ProcessStartException or IOException or UnauthorizedAccessException or JsonException or OperationCanceledException)
        {
            Log.NotAsked(logger, python, exception.Message);
            return null;
        }
        finally
        {
            if (asked is not null)
            {
                await host.KillTreeAsync(mark, asked, CancellationToken.None);
                await host.WaitForExitAsync(asked, CancellationToken.None);
            }

            File.Delete(output);
        }
    }

    private static string LastLine(string output)
    {
        using var file = RegularFile.Open(output, static _ => true);
        return file is null ? "" : Encoding.UTF8.GetString(RegularFile.Read(file, Math.Max(0, file.Length - LargestAnswer), LargestAnswer)).TrimEnd().Split('\n')[^1];
    }

    private sealed class Answer(string python, DateTimeOffset asked, Func<Task<StreamlitInstallation?>> ask)
    {
        private readonly Lazy<Task<StreamlitInstallation?>> installation = new(ask);
        private readonly (string?, DateTime) file = FileOf(python);

        public DateTimeOffset Asked => asked;

        public Task<StreamlitInstallation?> Installation => installation.Value;

        /// <summary>The installation, unless it has changed since.</summary>
        public StreamlitInstallation? Valid() =>
            Installation.IsCompletedSuccessfully && Installation.GetAwaiter().GetResult() is { } found
            && Directory.Exists(found.StaticFolder) && FileOf(python) == file ? found : null;

        // An environment is replaced by another at its path, or by a link to another: its folder then has another real path.
        private static (string? Folder, DateTime Written) FileOf(string python) =>
            (Path.GetDirectoryName(python) is { Length: > 0 } folder ? RealPath.Of(folder) : null, File.GetLastWriteTimeUtc(python));
    }

    private static partial class Log
    {
        [LoggerMessage(1421, LogLevel.Information, "The interpreter {Python} has Streamlit {Version}")]
        public static partial void Found(ILogger logger, string python, string version);

        [LoggerMessage(1422, LogLevel.Information, "The interpreter {Python} could not be queried for Streamlit: {Message}")]
        public static partial void NotAsked(ILogger logger, string python, string message);
    }
}
