using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server;
using StreamHub.Server.Apps;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.History;
using StreamHub.Server.Requests;
using StreamHub.Server.Supervision;
using StreamHub.Server.Tokens;

namespace StreamHub.Tests.Server;

/// <summary>The whole hub in this process: real Kestrel, real SQLite, real child processes, a directory of its own.</summary>
public sealed class FullHub : IAsyncDisposable
{
    /// <summary>How long a test waits for what happens at once on a machine that has nothing else to do.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly WebApplication app;
    private readonly PortBlock ports;
    private readonly bool ownsDirectory;

    private FullHub(WebApplication app, PortBlock ports, string directory, bool ownsDirectory)
    {
        this.app = app;
        this.ports = ports;
        this.ownsDirectory = ownsDirectory;
        Directory = directory;
        var addresses = app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.ToArray();
        (Users, Admin) = (new Uri(addresses[0]), new Uri(addresses[1]));
    }

    /// <summary>The data directory.</summary>
    public string Directory { get; }

    /// <summary>The users' listener.</summary>
    public Uri Users { get; }

    /// <summary>The admins' listener.</summary>
    public Uri Admin { get; }

    internal Supervisor Supervisor => Get<Supervisor>();

    internal ConfigurationEditor Editor => Get<ConfigurationEditor>();

    internal AppControl Control => Get<AppControl>();

    internal TokenEditor Tokens => Get<TokenEditor>();

    internal AccessRequests Requests => Get<AccessRequests>();

    internal RequestDecisions Decisions => Get<RequestDecisions>();

    public static Actor Actor { get; } = new("test", null);

    /// <summary>Starts a hub.</summary>
    /// <param name="directory">An existing data directory, which without a database begins as <see cref="DataTemplate"/>; null for a new one that goes with the hub.</param>
    /// <param name="settings">Further configuration, as <c>Apps:MaxRunning=1</c>.</param>
    public static Task<FullHub> StartAsync(string? directory = null, params string[] settings) => StartVariantAsync(new HubVariant(), directory, settings);

    internal static async Task<FullHub> StartVariantAsync(HubVariant variant, string? directory = null, params string[] settings)
    {
        var own = directory ?? TestDirectory.Create();
        await DataTemplate.BeginAsync(own);
        var block = PortBlock.Take();
        string[] args =
        [
            $"--StreamHub:DataDirectory={own}",
            "--StreamHub:Listen:Users=http://127.0.0.1:0",
            "--StreamHub:Listen:Admin=http://127.0.0.1:0",
            $"--StreamHub:Apps:Ports={block.Range}",
            "--StreamHub:Apps:StopGrace=2s",
            .. settings.Select(setting => $"--StreamHub:{setting}"),
        ];
        WebApplication? hub = null;
        try
        {
            hub = HubApplication.Build(args, variant.Adjust, variant.Replace);
            variant.Map?.Invoke(hub);
            await hub.StartAsync();
            return new FullHub(hub, block, own, directory is null);
        }
        catch
        {
            if (hub is not null)
            {
                await hub.DisposeAsync();
            }

            block.Dispose();
            throw;
        }
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Registers an app that runs <c>server.py</c> with these habits.</summary>
    public Task<InstanceKey> AddAppAsync(string slug, params string[] habits) => AddScriptAsync(slug, "server.py", habits);

    /// <summary>Registers an app that runs one of the scripts in <c>Server/Apps</c> with its port and further words.</summary>
    public async Task<InstanceKey> AddScriptAsync(string slug, string script, params string[] words)
    {
        var entry = new AppEntry
        {
            Slug = slug,
            Name = slug,
            Runtime = "command",
            Command = ["python3", Path.Combine(AppContext.BaseDirectory, "Server", "Apps", script), "{port}", .. words],
        };
        var result = await Editor.SaveAppAsync(entry, original: null, Actor, CancellationToken.None);
        result.Errors.Should().BeEmpty();
        return new InstanceKey(AppSlug.Parse(slug));
    }

    /// <summary>Registers a user.</summary>
    public async Task AddUserAsync(string name, string role, string address, params string[] apps)
    {
        var entry = new UserEntry { Name = name, Role = role, Addresses = [address], Apps = apps };
        var result = await Editor.SaveUserAsync(entry, original: null, Actor, CancellationToken.None);
        result.Errors.Should().BeEmpty();
    }

    /// <summary>Waits until an instance satisfies a condition; fails when <see cref="Patience"/> is over, saying what it was.</summary>
    public async Task<Instance> WaitForAsync(InstanceKey key, Func<Instance, bool> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            var state = await Supervisor.WaitForAsync(state => state.Find(key) is { } instance && condition(instance), patience.Token);
            return state.Find(key)!;
        }
        catch (OperationCanceledException exception)
        {
            throw new TimeoutException($"The instance did not get there: {Supervisor.State.Find(key)}", exception);
        }
    }

    /// <summary>Visits an instance and waits until it runs.</summary>
    public async Task<Instance> RunAsync(InstanceKey key)
    {
        Supervisor.Post(new HubEvent.Requested(key));
        return await WaitForAsync(key, instance => instance.Status == InstanceStatus.Running);
    }

    /// <summary>Reads the history now and after each write, until there is what is looked for.</summary>
    internal async Task<T> ReadHistoryAsync<T>(Func<HistoryLog, Task<T?>> read)
        where T : class
    {
        var log = Get<HistoryLog>();
        var written = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
        void Note() => written.Writer.TryWrite(true);
        log.Changed += Note;
        try
        {
            using var patience = new CancellationTokenSource(Patience);
            while (true)
            {
                if (await read(log) is { } found)
                {
                    return found;
                }

                await written.Reader.ReadAsync(patience.Token);
            }
        }
        catch (OperationCanceledException late)
        {
            throw new TimeoutException("The history did not get there.", late);
        }
        finally
        {
            log.Changed -= Note;
        }
    }

    /// <summary>What was refused, as the audit tells it in the end; nothing more is written down after this.</summary>
    internal async Task<IReadOnlyList<AuditRow>> RefusalsAsync(string action = "refused.")
    {
        await Get<RefusalLog>().StopAsync(default);
        await using var db = await Get<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        return await db.Audit.AsNoTracking().Where(row => row.Action.StartsWith(action)).OrderBy(row => row.Sequence).ToListAsync();
    }

    /// <summary>How many refusals such rows tell of.</summary>
    internal static long Count(IEnumerable<AuditRow> rows) => rows.Sum(row => JsonNode.Parse(row.After!)!["count"]!.GetValue<long>());

    public ValueTask DisposeAsync() => StopAsync(CancellationToken.None);

    /// <summary>Ends the hub.</summary>
    /// <param name="atOnce">Ends what open connections are waited for.</param>
    internal async ValueTask StopAsync(CancellationToken atOnce)
    {
        var stopping = app.StopAsync(atOnce);
        if (Get<IEffectRunner>() is NoEffects)
        {
            await NoEffects.EndAsync(Supervisor);
        }

        await stopping;
        await app.DisposeAsync();
        ports.Dispose();

        // What is not waited for may still write there; the directory then goes with the test process.
        if (ownsDirectory && !atOnce.IsCancellationRequested)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
