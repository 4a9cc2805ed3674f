using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using MudBlazor;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Resources;

namespace StreamHub.Server.AdminPages;

/// <summary>A form whose refusals are shown at the field that they are about, and which is not left unsaved by accident.</summary>
public abstract class EntryDialog : ComponentBase
{
    private readonly HashSet<string> touched = new(StringComparer.OrdinalIgnoreCase);
    private bool tried;

    /// <summary>How such a dialog is shown: a click beside it loses nothing.</summary>
    public static DialogOptions Options { get; } = new() { BackdropClick = false, CloseOnEscapeKey = true, FullWidth = true, MaxWidth = MaxWidth.Small };

    /// <summary>What the entry is refused for, as far as is known.</summary>
    protected IReadOnlyList<EntryError> Errors { get; private set; } = [];

    /// <summary>Whether a save is under way.</summary>
    protected bool Busy { get; private set; }

    /// <summary>Whether the visitor was told that what was typed is not saved.</summary>
    protected bool Asking { get; private set; }

    /// <summary>The dialog.</summary>
    [CascadingParameter]
    public IMudDialogInstance Dialog { get; set; } = default!;

    /// <summary>Who sits here.</summary>
    [CascadingParameter]
    public AdminSession Session { get; set; } = default!;

    /// <summary>Where success is said.</summary>
    [Inject]
    public ISnackbar Snackbar { get; set; } = default!;

    /// <summary>The texts of refusals.</summary>
    [Inject]
    internal EntryTexts Entries { get; set; } = default!;

    /// <summary>The texts.</summary>
    [Inject]
    public IStringLocalizer<AdminText> T { get; set; } = default!;

    /// <summary>
    /// The errors of a field: those at <c>field</c>, <c>field[0]</c> and <c>field.key</c>; null when there are none, or
    /// when the visitor has not come to the field yet.
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

    /// <summary>What is said when it is done.</summary>
    protected virtual string Done => T["Saved"];

    /// <summary>Whether what was refused is done all the same when it is asked for once more.</summary>
    protected bool CanForce => tried && Errors.Count > 0 && Errors.All(error => error.IsConfirmable);

    /// <summary>Takes note of a change, and of what the entry would now be refused for.</summary>
    protected Task ChangedAsync(string field, IReadOnlyList<EntryError> refusals)
    {
        Errors = refusals;
        Asking = false;

        // From the first change on the Escape key would lose something.
        return touched.Add(field) && touched.Count == 1 ? Dialog.SetOptionsAsync(Options with { CloseOnEscapeKey = false }) : Task.CompletedTask;
    }

    /// <summary>Closes at once when nothing was changed, else at the second time.</summary>
    protected void Cancel()
    {
        if (touched.Count == 0 || Asking)
        {
            Dialog.Cancel();
        }

        Asking = true;
    }

    /// <summary>Saves while the visitor is still an admin, and closes when it is done.</summary>
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
