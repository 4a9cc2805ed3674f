using StreamHub.Domain.Telemetry;

namespace StreamHub.Server.Runs;

/// <summary>What a run tells about itself with its health answers. It comes from the app, and is only shown.</summary>
internal sealed record RunReport
{
    /// <summary>What the hub hooks in a framework, by the names of <c>launcher.py</c>.</summary>
    public static readonly IReadOnlyList<string> Hooks = ["environment", "options", "suggestions", "routing", "routes", "resume", "code", "scripts", "checks", "report", "access"];

    /// <summary>The folder of the framework that the run has loaded; null when unknown.</summary>
    public string? Folder { get; init; }

    /// <summary>The hash of the framework's page when the run began; null when unknown.</summary>
    public string? Page { get; init; }

    /// <inheritdoc cref="InstanceSample.Code"/>
    public CodeNotice? Code { get; init; }

    /// <inheritdoc cref="InstanceSample.EnvironmentChanged"/>
    public DateTimeOffset? EnvironmentChanged { get; init; }

    /// <inheritdoc cref="InstanceSample.Errors"/>
    public ScriptErrors? Errors { get; init; }

    /// <summary>Script runs of people that are under way; null when unknown.</summary>
    public int? Running { get; init; }

    /// <summary>Of these, the one that has sent nothing for the longest time; null for none.</summary>
    public SilentScript? Silent { get; init; }

    /// <summary>The <see cref="Hooks"/> and the options of the hub that this version of the framework does not offer.</summary>
    public IReadOnlyList<string> Unhooked { get; init; } = [];

    /// <summary>The options of the framework that something other than the hub set.</summary>
    public IReadOnlyList<Option> Options { get; init; } = [];

    /// <param name="From">A file, or the framework's word for variables.</param>
    /// <param name="Value">The value of an option that concerns the hub; null for any other.</param>
    internal sealed record Option(string Name, string From, string? Value);

    /// <param name="Runs">Time since its start.</param>
    /// <param name="Sends">Time since its last message; since its start when it sent none.</param>
    internal sealed record SilentScript(TimeSpan Runs, TimeSpan Sends);
}
