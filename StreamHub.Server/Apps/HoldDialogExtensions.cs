using Microsoft.Extensions.Localization;
using MudBlazor;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Apps;

/// <summary>Asks how an app is held.</summary>
internal static class HoldDialogExtensions
{
    /// <summary>Shows the dialog; it holds the app when it is confirmed.</summary>
    /// <param name="dialogs">Shows it.</param>
    /// <param name="text">The texts.</param>
    /// <param name="name">What is held.</param>
    /// <param name="people">Who is hit.</param>
    /// <param name="hold">Holds it.</param>
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
