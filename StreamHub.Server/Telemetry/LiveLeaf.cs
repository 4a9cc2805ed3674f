using Microsoft.AspNetCore.Components;
using StreamHub.Server.AdminPages;

namespace StreamHub.Server.Telemetry;

/// <summary>A part that renders by itself when what it shows has changed.</summary>
public abstract class LiveLeaf : NotifiedComponent, IDisposable
{
    private object? shown;

    /// <summary>The live values.</summary>
    [CascadingParameter]
    public LiveView View { get; set; } = default!;

    /// <summary>What the part shows, comparable by value; equal means nothing to render. Has no side effect.</summary>
    protected abstract object? Shown { get; }

    /// <summary>Takes new values in, before <see cref="Shown"/> is asked for.</summary>
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
