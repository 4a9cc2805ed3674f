using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Resources;

namespace StreamHub.Server.AdminPages;

/// <summary>A dialog with a form: shows refusals at their fields, and asks before unsaved changes are discarded.</summary>
public abstract class EntryDialog : ComponentBase
{
    private readonly HashSet<string> touched = new(StringComparer.OrdinalIgnoreCase);
    private bool tried;

    /// <summary>The options of the dialog; a click outside does not close it.</summary>
    public static DialogOptions Options { get; } = new() { BackdropClick = false, CloseOnEscapeKey = true, FullWidth = true, MaxWidth = MaxWidth.Small };

    /// <summary>The known refusals of the entry.</summary>
    protected IReadOnlyList<EntryError> Errors { get; private set; } = [];

    /// <summary>Whether a save is in progress.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Whether the dialog asks to discard unsaved changes.</summary>
    protected bool Asking { get; private set; }

    [CascadingParameter]
    public IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>The admin of the circuit.</summary>
    [CascadingParameter]
    public AdminSession Session { get; set; } = default!;

    /// <summary>Shows the success message.</summary>
    [Inject]
    public ISnackbar Snackbar { get; set; } = default!;

    [Inject]
    internal EntryTexts Entries { get; set; } = default!;

    [Inject]
    public IStringLocalizer<AdminText> T { get; set; } = default!;

    /// <summary>
    /// The errors of a field, with the paths <c>field</c>, <c>field[0]</c> and <c>field.key</c>; null for none, and for a field that was not edited
    /// yet.
    /// </summary>
    protected string? At(string field)
    {
        if (!tried && !touched.Contains(field))
        {
            return null;
        }

        var own = Errors.Where(error => error.Path.Split('[', '.')[0].Equals(field, StringComparison.OrdinalIgnoreCase)).Select(Entries.Of).ToList();
        return own.Count == 0 ? null : string.Join(" ", own);
    }

    /// <summary>The success message.</summary>
    protected virtual string Done => T["Saved"];

    /// <summary>Whether a second attempt may override all the refusals.</summary>
    protected bool CanForce => tried && Errors.Count > 0 && Errors.All(error => error.IsConfirmable);

    /// <summary>Records an edited field and the refusals of the edited entry.</summary>
    protected Task ChangedAsync(string field, IReadOnlyList<EntryError> refusals)
    {
        Errors = refusals;
        Asking = false;

        // After the first edit the Escape key must not discard changes.
        return touched.Add(field) && touched.Count == 1 ? Dialog.SetOptionsAsync(Options with { CloseOnEscapeKey = false }) : Task.CompletedTask;
    }

    /// <summary>Closes the dialog; with unsaved changes only on the second call.</summary>
    protected void Cancel()
    {
        if (touched.Count == 0 || Asking)
        {
            Dialog.Cancel();
        }

        Asking = true;
    }

    /// <summary>Saves if the visitor is still an admin, and closes on success.</summary>
    protected async Task SaveAsync(Func<Actor, ChangeOptions, Task<ChangeResult>> save)
    {
        ArgumentNullException.ThrowIfNull(save);
        var options = new ChangeOptions(Force: CanForce);
        tried = true;
        Busy = true;
        var result = await Session.RunAsync(actor => save(actor, options));
        Busy = false;
        Errors = result.Errors;
        if (result.Succeeded)
        {
            Snackbar.Add(Done, Severity.Success);
            Dialog.Close();
        }
    }
}
