using System.Collections.Immutable;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>The effects and causes of a step, collected while it is decided.</summary>
internal sealed class StepDraft
{
    private readonly ImmutableArray<HubEffect>.Builder effects = ImmutableArray.CreateBuilder<HubEffect>();
    private ImmutableDictionary<InstanceKey, ChangeCause> causes = ImmutableDictionary<InstanceKey, ChangeCause>.Empty;
    private ChangeCause? common;
    private ChangeCause? turn;

    /// <summary>Requests an effect.</summary>
    public void Add(HubEffect effect) => effects.Add(effect);

    /// <summary>Names the cause of an instance's change. The first named cause in a step counts.</summary>
    public void Name(InstanceKey instance, ChangeCause cause) => causes = causes.ContainsKey(instance) ? causes : causes.Add(instance, cause);

    /// <inheritdoc cref="Name(InstanceKey, ChangeCause)"/>
    public void Name(InstanceKey instance, TransitionCause cause) => Name(instance, new ChangeCause(cause));

    /// <summary>Names the common cause of all changes in this step.</summary>
    public void NameAll(ChangeCause cause) => common ??= cause;

    /// <inheritdoc cref="NameAll(ChangeCause)"/>
    public void NameAll(TransitionCause cause) => NameAll(new ChangeCause(cause));

    /// <summary>Names the cause of a start, change or end of maintenance, which appears in every instance's history.</summary>
    public void Turn(ChangeCause cause) => turn = cause;

    public HubStep To(HubState state) => new(state, effects.ToImmutable()) { Causes = causes, CommonCause = common, MaintenanceCause = turn };
}
