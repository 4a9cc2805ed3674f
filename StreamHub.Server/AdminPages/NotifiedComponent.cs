using Microsoft.AspNetCore.Components;

namespace StreamHub.Server.AdminPages;

/// <summary>
/// A component that other threads notify. Its handlers run on its own dispatcher and in its circuit's language; their failures
/// reach the error boundary around it, which logs and shows them.
/// </summary>
public abstract class NotifiedComponent : ComponentBase
{
    /// <summary>A handler for an event that any thread may raise, bound to the language of the present caller; nobody waits for it.</summary>
    protected Action Handler(Func<Task> work)
    {
        // Without the caller's context, a change that one admin saves in Korean would be drawn in Korean on everybody's pages.
        // It is null only where somebody has suppressed the flow, and then there is nothing to keep.
        return ExecutionContext.Capture() is { } context ? () => ExecutionContext.Run(context, _ => Start(), null) : Start;

#pragma warning disable MA0134 // WatchAsync observes every failure; whoever raises the event waits for nobody.
        void Start() => InvokeAsync(() => WatchAsync(work));
#pragma warning restore MA0134
    }

    /// <inheritdoc cref="Handler(Func{Task})"/>
    protected Action Handler(Action work) => Handler(() =>
    {
        work();
        return Task.CompletedTask;
    });

    private async Task WatchAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception exception)
        {
            await DispatchExceptionAsync(exception);
        }
    }
}
