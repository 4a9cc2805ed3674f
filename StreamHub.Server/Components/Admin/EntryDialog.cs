using Microsoft.AspNetCore.Components;
using MudBlazor;
using StreamHub.Server.Admin;
using StreamHub.Server.Admin.Entries;

namespace StreamHub.Server.Components.Admin;

/// <summary>A form whose refusals are shown at the field that they are about.</summary>
public abstract class EntryDialog : ComponentBase
{
    /// <summary>What the entry is refused for.</summary>
    protected IReadOnlyList<EntryError> Errors { get; set; } = [];

    /// <summary>Whether a save is under way.</summary>
    protected bool Busy { get; private set; }

    /// <summary>The dialog.</summary>
    [CascadingParameter]
    public IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>Who sits here.</summary>
    [CascadingParameter]
    public AdminSession Session { get; set; } = default!;

    /// <summary>The errors of a field: those at <c>field</c>, <c>field[0]</c> and <c>field.key</c>; null when there are none.</summary>
    protected string? At(string field)
    {
        var own = Errors.Where(error => error.Path.Split('[', '.')[0].Equals(field, StringComparison.OrdinalIgnoreCase)).Select(error => error.Message).ToList();
        return own.Count == 0 ? null : string.Join(" ", own);
    }

    /// <summary>Saves while the visitor is still an admin, and closes when it is done.</summary>
    protected async Task SaveAsync(Func<Actor, Task<ActionResult>> save, string removed)
    {
        ArgumentNullException.ThrowIfNull(save);
        if (!Session.IsAllowed)
        {
            Errors = [new EntryError("", removed)];
            return;
        }

        Busy = true;
        var result = await save(Session.Actor);
        Busy = false;
        Errors = result.Errors;
        if (result.Succeeded)
        {
            Dialog.Close();
        }
    }
}
