using Microsoft.AspNetCore.Components;
using StreamHub.Server.AdminPages;

namespace StreamHub.Server.Telemetry.Pages;

/// <summary>A component that renders only after a change of its displayed values.</summary>
public abstract class LiveLeaf : NotifiedComponent, IDisposable
{
    private object? shown;

    [CascadingParameter]
    public LiveView View { get; set; } = default!;

    /// <summary>The displayed values, comparable by value; equal values are not rendered again. Has no side effect.</summary>
    protected abstract object? Shown { get; }

    /// <summary>Reads the new values, before <see cref="Shown"/> is read.</summary>
    protected virtual void Take()
    {
    }

    /// <inheritdoc/>
    protected override void OnInitialized() => View.Changed += OnChanged;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        Take();
        shown = Shown;
    }

    private void OnChanged()
    {
        Take();
        var next = Shown;
        if (!Equals(shown, next))
        {
            shown = next;
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
        View.Changed -= OnChanged;
        GC.SuppressFinalize(this);
    }
}
