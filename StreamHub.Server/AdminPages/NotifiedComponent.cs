using Microsoft.AspNetCore.Components;

namespace StreamHub.Server.AdminPages;

/// <summary>
/// A component with handlers for events of other threads. Handlers run on its dispatcher with its circuit's culture; their exceptions reach the
/// error boundary around it, which logs and shows them.
/// </summary>
public abstract class NotifiedComponent : ComponentBase
{
    /// <summary>A handler for an event of any thread, bound to the caller's culture; the event source does not wait for it.</summary>
    protected Action Handler(Func<Task> work)
    {
        // With the event source's context, a change that one admin saves in Korean would be rendered in Korean on all pages. Capture returns null
        // only while the flow is suppressed; then there is no context to restore.
        return ExecutionContext.Capture() is { } context ? () => ExecutionContext.Run(context, _ => Start(), null) : Start;

#pragma warning disable MA0134 // WatchAsync observes every failure; the event source does not wait.
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
