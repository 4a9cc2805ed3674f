using Microsoft.Extensions.Localization;
using MudBlazor;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Apps.Pages;

internal static class HoldDialogExtensions
{
    /// <summary>Shows the dialog; the app is held after confirmation.</summary>
    /// <param name="name">The app, or the hub.</param>
    /// <param name="people">The affected sessions.</param>
    /// <param name="hold">Applies the hold.</param>
    public static Task<IDialogReference> HoldAsync(
        this IDialogService dialogs,
        IStringLocalizer<AdminText> text,
        string name,
        IReadOnlyList<AppSession> people,
        Func<string?, DateTimeOffset?, Actor, Task<ChangeResult>> hold) =>
        dialogs.ShowAsync<HoldDialog>(
            text["HoldTitle", name],
            new DialogParameters<HoldDialog>
            {
                { dialog => dialog.Help, text["HoldHelp"].Value },
                { dialog => dialog.Act, text["Stop"].Value },
                { dialog => dialog.Said, text["Done_Stop", name].Value },
                { dialog => dialog.People, people },
                { dialog => dialog.Hold, hold },
            },
            EntryDialog.Options);
}
