using Microsoft.Extensions.Localization;
using MudBlazor;
using StreamHub.Server.Resources;

namespace StreamHub.Server.AdminPages;

/// <summary>MudBlazor's texts from the hub's resources; missing ones stay English.</summary>
internal sealed class AdminMudLocalizer(IStringLocalizer<AdminText> text) : MudLocalizer
{
    public override LocalizedString this[string key] => text[key];
}
