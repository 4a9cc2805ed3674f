using System.Collections.Immutable;
using StreamHub.Domain.Instances;

namespace StreamHub.Domain.Supervision;

/// <summary>What a step comes to beside the next state, while it is being decided.</summary>
internal sealed class StepDraft
{
    private readonly ImmutableArray<HubEffect>.Builder effects = ImmutableArray.CreateBuilder<HubEffect>();
    private ImmutableDictionary<InstanceKey, ChangeCause> causes = ImmutableDictionary<InstanceKey, ChangeCause>.Empty;
    private ChangeCause? common;
    private ChangeCause? turn;

    /// <summary>Wants something done.</summary>
    public void Add(HubEffect effect) => effects.Add(effect);

    /// <summary>Names what moves an instance. What was named first in a step is what set the rest off.</summary>
    public void Name(InstanceKey instance, ChangeCause cause) => causes = causes.ContainsKey(instance) ? causes : causes.Add(instance, cause);

    /// <inheritdoc cref="Name(InstanceKey, ChangeCause)"/>
    public void Name(InstanceKey instance, TransitionCause cause) => Name(instance, new ChangeCause(cause));

    /// <summary>Names what moves every instance that moves in this step.</summary>
    public void NameAll(ChangeCause cause) => common ??= cause;

    /// <inheritdoc cref="NameAll(ChangeCause)"/>
    public void NameAll(TransitionCause cause) => NameAll(new ChangeCause(cause));

    /// <summary>Names the begin, the change or the end of the whole hub's maintenance, which every instance's history tells.</summary>
    public void Turn(ChangeCause cause) => turn = cause;

    /// <summary>The step, decided.</summary>
    public HubStep To(HubState state) => new(state, effects.ToImmutable()) { Causes = causes, CommonCause = common, MaintenanceCause = turn };
}
