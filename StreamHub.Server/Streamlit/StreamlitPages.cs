using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Server.Platform;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Keeps the web files that each run began with. Streamlit reads them anew at each request: after an upgrade it would send a page that does not
/// fit its server, after a removal none. Equal files of all apps are one copy, found by its content, which no app can write.
/// </summary>
internal sealed partial class StreamlitPages : IAsyncDisposable
{
    /// <summary>Copies that are kept although no run of this hub has them.</summary>
    private const int FormerCopies = 3;

    private const string Index = "index.html";
    private const int LargestPage = 1 << 20;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMinutes(1);

    private readonly string root;
    private readonly RunFolders runFolders;
    private readonly RunStore runs;
    private readonly RunReports reports;
    private readonly SteadyClock clock;
    private readonly ILogger<StreamlitPages> logger;
    private readonly ConcurrentDictionary<RunId, Attempt> attempts = new();
    private readonly ConcurrentDictionary<(AppSlug App, string Page), Copy> copies = new();
    private readonly SemaphoreSlim turn = new(1);

    public StreamlitPages(HubSettings settings, RunStore runs, RunReports reports, SteadyClock clock, ILogger<StreamlitPages> logger)
    {
        (root, runFolders) = (Path.Combine(settings.DataDirectory, "pages"), new RunFolders(settings));
        (this.runs, this.reports, this.clock, this.logger) = (runs, reports, clock, logger);
        reports.Kept += Keep;
    }

    /// <summary>What an app's living runs have loaded, newest run first.</summary>
    public IEnumerable<StreamlitFolder> Loaded(App app) =>
        reports.Of(app.Slug).Select(known => CopyOf(known.Run)).OfType<Copy>().Distinct().Select(static copy => new StreamlitFolder(copy.Folder, IsOfRun: true, IsCopy: true));

    /// <summary>What runs of an app have loaded since the hub's start: their pages may still be open.</summary>
    public IEnumerable<StreamlitFolder> Former(App app) =>
        copies.Where(copy => copy.Key.App == app.Slug).Select(static copy => new StreamlitFolder(copy.Value.Folder, IsOfRun: false, IsCopy: true));

    /// <summary>The page of a run in place of one that it has served, if that one is of another version.</summary>
    public byte[] Match(RunId run, byte[] page) =>
        CopyOf(run) is { } copy && !page.AsSpan().SequenceEqual(copy.Index) && !References(page).All(copy.Has) ? copy.Index : page;

    /// <summary>The page of a run that has lost its own; null for any other.</summary>
    public byte[]? Lost(RunId run) =>
        CopyOf(run) is { } copy && reports.Of(run)?.Folder is { } folder && !File.Exists(Path.Combine(StreamlitInstallation.StaticFolderOf(folder), Index)) ? copy.Index : null;

    /// <summary>The version of a run's page, as <see cref="RunReport.Page"/>.</summary>
    public string? VersionOf(RunId run) => reports.Of(run)?.Page;

    /// <summary>Paths of the files that a page names.</summary>
    public static IEnumerable<string> References(ReadOnlySpan<byte> page) => Reference().Matches(Encoding.UTF8.GetString(page)).Select(static match => match.Groups[1].Value);

    public async ValueTask DisposeAsync()
    {
        reports.Kept -= Keep;
        await Task.WhenAll(attempts.Values.Select(static attempt => attempt.Copy));
        turn.Dispose();
    }

    private Copy? CopyOf(RunId run) => attempts.TryGetValue(run, out var attempt) && attempt.Copy.IsCompleted ? attempt.Copy.GetAwaiter().GetResult() : null;

    private void Keep(RunId run, AppSlug app, RunReport report)
    {
        var isDue = !attempts.TryGetValue(run, out var last) || (last.Copy.IsCompleted && CopyOf(run) is null && clock.Now - last.Begun >= RetryInterval);
        if (report is not { Folder: { } folder, Page: { } page } || !isDue)
        {
            return;
        }

        foreach (var gone in attempts.Keys.Where(other => reports.Of(other) is null))
        {
            attempts.TryRemove(gone, out _);
        }

        var isFirst = last is null;
        attempts[run] = new(Task.Run(() => FindAsync(run, app, StreamlitInstallation.StaticFolderOf(folder), page, isFirst)), clock.Now);
    }

    private async Task<Copy?> FindAsync(RunId run, AppSlug app, string folder, string page, bool isFirst)
    {
        await turn.WaitAsync();
        try
        {
            // For a run that an earlier hub has started, in an environment that may be another one by now.
            var record = Path.Combine(runs.DirectoryOf(run), "page");
            var copy = (copies.TryGetValue((app, page), out var same) ? Read(same.Hash) : null) ?? (File.Exists(record) ? Read(await File.ReadAllTextAsync(record)) : null) ?? Make(folder, page);
            if (copy is null)
            {
                Tell($"{folder} cannot be copied, or has changed since the run began");
                return null;
            }

            copies[(app, page)] = copy;
            AtomicFile.Write(record, Encoding.ASCII.GetBytes(copy.Hash), isLasting: false);
            return copy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Tell(exception.Message);
            return null;
        }
        finally
        {
            turn.Release();
        }

        void Tell(string message)
        {
            if (isFirst)
            {
                Log.NotKept(logger, run, message);
            }
        }
    }

    /// <param name="page">The hash of the page that the run has loaded.</param>
    private Copy? Make(string folder, string page)
    {
        // The app can write in the folder, and the hub can read files that are closed to the app.
        var real = RealPath.Of(folder) ?? folder;
        var files = new WebFiles(folder, file => RealPath.IsInside(file, real) && runFolders.CanRead(file));
        if (files.Read(Index, LargestPage) is not { } index || WebFiles.HashOf(index) != page || files.Hash() is not { } hash)
        {
            return null;
        }

        if (Read(hash) is { } known)
        {
            return known;
        }

        var made = Path.Combine(Directory.CreateDirectory(root).FullName, $".{Path.GetRandomFileName()}");
        try
        {
            if (files.Hash(made) != hash || !References(index).All(reference => File.Exists(Path.Combine(made, reference))))
            {
                return null; // It changes at this moment, or a part lies elsewhere.
            }

            var target = Path.Combine(root, hash);
            if (Directory.Exists(target))
            {
                Directory.Delete(target, recursive: true);
            }

            Directory.Move(made, target);
        }
        finally
        {
            if (Directory.Exists(made))
            {
                Directory.Delete(made, recursive: true);
            }
        }

        Prune();
        return Read(hash);
    }

    /// <summary>A copy as it was made; null when it is missing or damaged. Copies are not flushed to the disk.</summary>
    private Copy? Read(string hash)
    {
        var folder = Path.Combine(root, hash);
        if (copies.Values.FirstOrDefault(copy => copy.Hash == hash) is { } known && Directory.Exists(folder))
        {
            return known;
        }

        var files = new WebFiles(folder, static _ => true);
        return HashText().IsMatch(hash) && Directory.Exists(folder) && files.Hash() == hash && files.Read(Index, LargestPage) is { } index ? new Copy(hash, folder, index) : null;
    }

    private void Prune()
    {
        var used = copies.Values.Select(static copy => copy.Folder).ToHashSet(StringComparer.Ordinal);
        foreach (var former in new DirectoryInfo(root).EnumerateDirectories().Where(folder => !used.Contains(folder.FullName)).OrderByDescending(static folder => folder.CreationTimeUtc).Skip(FormerCopies).ToArray())
        {
            former.Delete(recursive: true);
        }
    }

    [GeneratedRegex("(?:src|href)=\"\\./(static/[\\w./-]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex HashText();

    private sealed record Attempt(Task<Copy?> Copy, DateTimeOffset Begun);

    private sealed record Copy(string Hash, string Folder, byte[] Index)
    {
        public bool Has(string reference) => File.Exists(Path.Combine(Folder, reference));
    }

    private static partial class Log
    {
        [LoggerMessage(1431, LogLevel.Warning, "The page of run {Run} is not kept for the case that its environment changes: {Message}")]
        public static partial void NotKept(ILogger logger, RunId run, string message);
    }
}
