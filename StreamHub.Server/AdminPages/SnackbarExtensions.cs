using Microsoft.Extensions.Localization;
using MudBlazor;
using StreamHub.Server.Configuration;
using StreamHub.Server.Resources;

namespace StreamHub.Server.AdminPages;

/// <summary>Messages about the result of an action.</summary>
internal static class SnackbarExtensions
{
    private const int UndoMilliseconds = 8000;

    /// <summary>Shows success or the refusal; a refusal stays until it is dismissed.</summary>
    public static void AddResult(this ISnackbar snackbar, string done, ChangeResult result, EntryTexts texts)
    {
        if (result.Succeeded)
        {
            snackbar.Add(done, Severity.Success);
        }
        else
        {
            snackbar.Add(string.Join(" ", result.Errors.Select(texts.Of)), Severity.Error, options => options.RequireInteraction = true);
        }
    }

    /// <summary>Shows success with a temporary button to undo it.</summary>
    public static void AddUndo(this ISnackbar snackbar, string done, IStringLocalizer<AdminText> text, Func<Task> undo) =>
        snackbar.Add(done, Severity.Success, options =>
        {
            options.VisibleStateDuration = UndoMilliseconds;
            options.Action = text["Undo"];
            options.OnClick = _ => undo();
        });
}
