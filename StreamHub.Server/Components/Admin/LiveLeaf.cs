using Microsoft.AspNetCore.Components;

namespace StreamHub.Server.Components.Admin;

/// <summary>A part that renders by itself when what it shows has changed.</summary>
public abstract class LiveLeaf : ComponentBase, IDisposable
{
    private object? shown;

    /// <summary>The live values.</summary>
    [CascadingParameter]
    public LiveView View { get; set; } = default!;

    /// <summary>What the part shows, comparable by value; equal means nothing to render.</summary>
    protected abstract object? Shown { get; }

    /// <inheritdoc/>
    protected override void OnInitialized() => View.Changed += OnChanged;

    private void OnChanged()
    {
        if (!Equals(shown, Shown))
        {
            shown = Shown;
            StateHasChanged();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        View.Changed -= OnChanged;
        GC.SuppressFinalize(this);
    }
}
