using Microsoft.Extensions.Localization;
using MudBlazor;
using StreamHub.Server.Resources;

namespace StreamHub.Server.AdminPages;

/// <summary>MudBlazor's own texts, from the same resources as ours; one that is not there stays English.</summary>
internal sealed class AdminMudLocalizer(IStringLocalizer<AdminText> text) : MudLocalizer
{
    public override LocalizedString this[string key] => text[key];
}
