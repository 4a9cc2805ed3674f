using StreamHub.Server.Configuration;

namespace StreamHub.Server.AdminPages;

/// <summary>What flows along a circuit's calls, the visitor's language above all.</summary>
internal static class CircuitContext
{
    /// <summary>
    /// A handler for events that other threads raise. A render runs in the language of whoever asks for it: without
    /// this, what one admin saves in Korean would be drawn in Korean on everybody's pages.
    /// </summary>
    /// <param name="handler">Runs as if the present caller had called it.</param>
    public static Action Bind(Action handler)
    {
        // Null only where somebody has suppressed the flow, and then there is nothing to keep.
        return ExecutionContext.Capture() is { } context
            ? () => ExecutionContext.Run(context, static state => ((Action)state!)(), handler)
            : handler;
    }

    /// <summary>The same for <see cref="ConfigurationStore.Changed"/>.</summary>
    public static Action<HubConfiguration> BindChange(Action handler)
    {
        var bound = Bind(handler);
        return _ => bound();
    }
}
