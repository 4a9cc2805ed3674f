using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Threading.Channels;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Supervision;
using StreamHub.Server.Platform;
using StreamHub.Server.Processes;
using StreamHub.Server.Runs;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Supervision;

/// <summary>
/// The mailbox and its one reader. <see cref="State"/> is replaced as a whole after each event;
/// everybody else only posts and reads.
/// </summary>
internal sealed class Supervisor : BackgroundService
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    // Without a limit, and bounded by who may post: whatever visitors can repeat is posted once at a time (PostOnce); the rest comes once for a
    // run, a session, a tick or an admin's request.
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

    /// <summary>Creates the supervisor; it takes events at once and works on them when the host starts it.</summary>
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

    /// <summary>Raised after each change of an instance's state, on the mailbox's reader: a handler takes note and returns at once.</summary>
    public event Action<Transition>? Moved;

    /// <summary>The state after the last event.</summary>
    public HubState State => Volatile.Read(ref state);

    /// <summary>The main processes of the runs that live, as the process host knows them.</summary>
    public IReadOnlyCollection<MarkedProcess> Processes =>
    [
        .. from owned in State.Runs
           where owned.Run.Process is not null
           select new MarkedProcess(new RunMark(hubId, owned.Run.Id), owned.Run.Process!.Identity),
    ];

    /// <summary>Where an instance stands in the queue now; null when it does not.</summary>
    public QueuePlace? Place(InstanceKey instance) =>
        Capacity.Place(State, instance, Context(jitter: 0));

    /// <summary>When the ready run of an instance is stopped unless it is used before; null for never, and where none is ready.</summary>
    public DateTimeOffset? IdleStop(InstanceKey key) =>
        State.Find(key) is { ReadyRun: { } run } instance ? Idleness.Stop(instance, run, settings.Limits) : null;

    /// <summary>When all seats of an instance are free if nobody does anything; null for never.</summary>
    public DateTimeOffset? SeatsFree(InstanceKey key)
    {
        var current = State;
        return current.Find(key) is { } instance ? Capacity.Seats(current, instance, Context(jitter: 0)) : null;
    }

    /// <summary>Puts an event into the mailbox.</summary>
    public void Post(HubEvent @event) => mailbox.Writer.TryWrite(new Letter(@event, null));

    /// <summary>Puts an event that says the same however often it is said into the mailbox, unless an equal one is there unread.</summary>
    /// <returns>Whether it was put in.</returns>
    public bool PostOnce(HubEvent @event) => unread.TryAdd(@event, true) && mailbox.Writer.TryWrite(new Letter(@event, null));

    /// <summary>Somebody wants an instance. Where that changes nothing, nothing is posted: visitors can do this as often as they like.</summary>
    /// <returns>Whether it was posted.</returns>
    public bool Visit(InstanceKey instance) => State.AwaitsVisit(instance) && PostOnce(new HubEvent.Requested(instance));

    /// <summary>How seldom the use of an instance may be told.</summary>
    public TimeSpan UseInterval(InstanceKey key) =>
        State.Find(key) is { } instance ? Idleness.UseInterval(instance, settings.Limits) : Idleness.LongestInterval;

    /// <summary>Puts an event into the mailbox.</summary>
    /// <returns>The states before and after the very step that took it in.</returns>
    public Task<(HubState Before, HubState After)> AskAsync(HubEvent @event)
    {
        var answer = new TaskCompletionSource<(HubState, HubState)>(TaskCreationOptions.RunContinuationsAsynchronously);
        return mailbox.Writer.TryWrite(new Letter(@event, answer)) ? answer.Task : Task.FromResult((State, State));
    }

    /// <summary>
    /// Completes at the next change of an instance that its visitors see, or of the whole hub's maintenance. To be asked for before the state is read.
    /// </summary>
    public Task NextChange(InstanceKey instance) =>
        watched.GetOrAdd(instance, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Waits until the state satisfies the condition; looks at it after every event.</summary>
    /// <returns>The state that did.</returns>
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

    /// <summary>Begins; what stops a start would also stop the supervisor, which has runs to end first.</summary>
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

    /// <summary>Wakes those who watch an instance that looks different now.</summary>
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

    /// <param name="Event">What happened.</param>
    /// <param name="Answer">Whoever waits for the step that takes it in.</param>
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
            // The hub stops, and no app is running any more: nothing is left to be decided.
            mailbox.Writer.TryComplete();
        }
    }
}
