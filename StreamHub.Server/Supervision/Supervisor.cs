using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Runs;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Supervision;

/// <summary>
/// The mailbox and its single reader. <see cref="State"/> is replaced as a whole after each event; all other code only posts and
/// reads.
/// </summary>
internal sealed class Supervisor : BackgroundService
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    // Unbounded, but limited by its sources: events that visitors can repeat are posted once at a time (PostOnce); all others
    // come once for a run, a session, a tick or an admin's request.
    private readonly Channel<Letter> mailbox = Channel.CreateUnbounded<Letter>(new() { SingleReader = true });
    private readonly ConcurrentDictionary<HubEvent, bool> unread = new();
    private readonly ConcurrentDictionary<InstanceKey, TaskCompletionSource> watched = new();
    private readonly HubSettings settings;
    private readonly SteadyClock clock;
    private readonly MemoryGauge memory;
    private readonly string hubId;
    private readonly IEffectRunner effects;
    private readonly ILogger<Supervisor> logger;
    private HubState state;
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Creates the supervisor; it accepts events at once and processes them after the host's start.</summary>
    public Supervisor(HubSettings settings, SteadyClock clock, RunStore runs, MemoryGauge memory, IEffectRunner effects, ILogger<Supervisor> logger)
    {
        ArgumentNullException.ThrowIfNull(runs);
        this.settings = settings;
        this.clock = clock;
        this.memory = memory;
        this.effects = effects;
        hubId = runs.HubId;
        this.logger = logger;
        state = HubState.Create(runs.NextRun());
    }

    /// <summary>Raised after each change of an instance's state, on the mailbox's reader: handlers must return at once.</summary>
    public event Action<Transition>? Moved;

    /// <summary>The state after the last event.</summary>
    public HubState State => Volatile.Read(ref state);

    /// <summary>The main processes of the living runs.</summary>
    public IReadOnlyCollection<MarkedProcess> Processes =>
    [
        .. from owned in State.Runs
           where owned.Run.Process is not null
           select new MarkedProcess(new RunMark(hubId, owned.Run.Id), owned.Run.Process!.Identity),
    ];

    /// <summary>An instance's place in the queue; null when it is not queued.</summary>
    public QueuePlace? Place(InstanceKey instance) =>
        Capacity.Place(State, instance, Context(jitter: 0));

    /// <summary>When the ready run of an instance is stopped if it stays unused; null for never, or without a ready run.</summary>
    public DateTimeOffset? IdleStop(InstanceKey key) =>
        State.Find(key) is { ReadyRun: { } run } instance ? Idleness.Stop(instance, run, settings.Limits) : null;

    /// <summary>When all seats of an instance are free without further use; null for never.</summary>
    public DateTimeOffset? SeatsFree(InstanceKey key)
    {
        var current = State;
        return current.Find(key) is { } instance ? Capacity.Seats(current, instance, Context(jitter: 0)) : null;
    }

    /// <summary>Posts an event.</summary>
    public void Post(HubEvent @event) => mailbox.Writer.TryWrite(new Letter(@event, null));

    /// <summary>Posts an idempotent event, unless an equal one is unread.</summary>
    /// <returns>Whether it was posted.</returns>
    public bool PostOnce(HubEvent @event) => unread.TryAdd(@event, true) && mailbox.Writer.TryWrite(new Letter(@event, null));

    /// <summary>Requests an instance. Posts nothing when that would change nothing: visitors can repeat this without limit.</summary>
    /// <returns>Whether it was posted.</returns>
    public bool Visit(InstanceKey instance) => State.AwaitsVisit(instance) && PostOnce(new HubEvent.Requested(instance));

    /// <summary>The interval between reports of use of a run.</summary>
    public TimeSpan UseInterval(RunId run) =>
        State.Owner(run) is { } instance ? Idleness.UseInterval(instance, settings.Limits) : Idleness.MaxInterval;

    /// <summary>Posts an event.</summary>
    /// <returns>The states before and after the step of this event.</returns>
    public Task<(HubState Before, HubState After)> AskAsync(HubEvent @event)
    {
        var answer = new TaskCompletionSource<(HubState, HubState)>(TaskCreationOptions.RunContinuationsAsynchronously);
        return mailbox.Writer.TryWrite(new Letter(@event, answer)) ? answer.Task : Task.FromResult((State, State));
    }

    /// <summary>
    /// Completes at the next visible change of an instance or of the hub's maintenance. Call it before reading the state.
    /// </summary>
    public Task NextChange(InstanceKey instance) =>
        watched.GetOrAdd(instance, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Waits until the state satisfies the condition, which is checked after every event.</summary>
    /// <returns>The first matching state.</returns>
    public async Task<HubState> WaitForAsync(Func<HubState, bool> condition, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(condition);
        while (true)
        {
            var next = Volatile.Read(ref changed);
            var current = State;
            if (condition(current))
            {
                return current;
            }

            await next.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Ignores the start's cancellation token: it would also stop the supervisor, which must still end runs.</summary>
    public override Task StartAsync(CancellationToken cancellationToken) => base.StartAsync(CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TickInterval, clock.TimeProvider);
        var ticks = TickAsync(timer, stoppingToken);
        await foreach (var (@event, answer) in mailbox.Reader.ReadAllAsync(CancellationToken.None))
        {
            unread.TryRemove(@event, out _);
            var before = state;
            var jitter = RandomNumberGenerator.GetInt32(1 << 20) / (double)(1 << 20);
            var context = Context(jitter);
            var step = HubMachine.Step(before, @event, context);
            Volatile.Write(ref state, step.State);
            foreach (var transition in Transition.Between(before, @event, step, context.Wall))
            {
                TransitionLog.Log(logger, transition, step.State.Find(transition.Instance));
                Moved?.Invoke(transition);
            }

            foreach (var effect in step.Effects)
            {
                effects.Run(effect, Post);
            }

            answer?.SetResult((before, step.State));
            if (!ReferenceEquals(before, step.State))
            {
                Wake(before, step.State);
                Interlocked.Exchange(ref changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            }
        }

        await ticks;
    }

    /// <summary>Completes the waiters of instances with a visible change.</summary>
    private void Wake(HubState before, HubState after)
    {
        var all = before.Maintenance != after.Maintenance;
        foreach (var (key, _) in watched)
        {
            var (old, now) = (before.Find(key), after.Find(key));
            if ((all || !(now?.ShowsSameAs(old) ?? old is null)) && watched.TryRemove(key, out var waiting))
            {
                waiting.SetResult();
            }
        }
    }

    private StepContext Context(double jitter) => new(clock.Now, jitter, settings.Limits) { Wall = clock.Wall, Zone = settings.TimeZone, Memory = memory.Current };

    /// <param name="Answer">Completed after the step of the event; null without a waiter.</param>
    private sealed record Letter(HubEvent Event, TaskCompletionSource<(HubState Before, HubState After)>? Answer);

    private async Task TickAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Post(HubEvent.Tick.Instance);
            }
        }
        catch (OperationCanceledException)
        {
            // The hub stops and no run is left: nothing remains to be decided.
            mailbox.Writer.TryComplete();
        }
    }
}
