using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using MudBlazor;
using MudBlazor.Services;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Domain.Telemetry;
using StreamHub.Server.Access;
using StreamHub.Server.AdminPages;
using StreamHub.Server.Apps;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.History;
using StreamHub.Server.Listeners;
using StreamHub.Server.Platform;
using StreamHub.Server.Requests;
using StreamHub.Server.Resources;
using StreamHub.Server.Settings;
using StreamHub.Server.Supervision;
using StreamHub.Server.Telemetry.Pages;
using StreamHub.Server.Tokens;
using StreamHub.Server.Users.Import;
using StreamHub.Tests.Server;

namespace StreamHub.Tests.Components;

/// <summary>An admin's page without a browser, over a hub that listens nowhere and starts no process, with an admin at 10.0.0.1.</summary>
public abstract class AdminPage : BunitContext, IAsyncLifetime
{
    protected static readonly ClientAddress AdminAddress = ClientAddress.Parse("10.0.0.1");

    protected FullHub Hub { get; private set; } = null!;

    protected AdminSession Session { get; private set; } = null!;

    protected LiveView View { get; } = new();

    protected IRenderedComponent<MudDialogProvider> Dialogs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        DefaultWaitTimeout = FullHub.Patience;
        Hub = await FullHub.StartVariantAsync(new HubVariant(Replace: static services => services.AddSingleton<IServer, NoServer>().AddSingleton<IEffectRunner, NoEffects>()));
        await Hub.AddUserAsync("root", "admin", "10.0.0.1");
        await Hub.AddAppAsync("sales");
        JSInterop.Mode = JSRuntimeMode.Loose;
        Services.AddMudServices();
        Services.AddLocalization();
        Services.AddSingleton<EntryTexts>().AddSingleton(Hub.Get<ConfigurationStore>()).AddSingleton(Hub.Get<ConfigurationEditor>()).AddSingleton(Hub.Get<AppControl>()).AddSingleton(Hub.Get<StartDetails>()).AddSingleton(Hub.Get<AccessRequests>()).AddSingleton(Hub.Get<RequestDecisions>()).AddSingleton(Hub.Get<TokenEditor>()).AddSingleton(Hub.Get<UserImport>()).AddSingleton(Hub.Get<ListenerLinks>()).AddSingleton(Hub.Get<HubSettings>()).AddSingleton(Hub.Get<DatabaseHealth>()).AddSingleton(Hub.Get<HistoryLog>()).AddSingleton(await AuditLogAsync()).AddSingleton(TimeProvider.System).AddSingleton(Hub.Get<SteadyClock>());
        Session = new AdminSession(
            Hub.Get<CurrentPolicy>(), (Hub.Get<ConfigurationStore>().Current.Users.Single().Id, "root"), AdminAddress, Services.GetRequiredService<IStringLocalizer<AdminText>>(), NullLogger<AdminSession>.Instance);
        Render<MudPopoverProvider>();
        Dialogs = Render<MudDialogProvider>(parameters => parameters.AddCascadingValue(Session));
    }

    /// <summary>The audit that pages read.</summary>
    internal virtual Task<AuditLog> AuditLogAsync() => Task.FromResult(Hub.Get<AuditLog>());

    /// <summary>Shows a part as the page would.</summary>
    protected IRenderedComponent<T> Show<T>(Action<ComponentParameterCollectionBuilder<T>>? more = null)
        where T : IComponent => Render<T>(parameters =>
    {
        parameters.AddCascadingValue(View).AddCascadingValue(Session);
        more?.Invoke(parameters);
    });

    /// <summary>Finds and clicks in one step of the renderer: nothing is drawn anew between the two.</summary>
    protected static Task ClickAsync<T>(IRenderedComponent<T> part, string selector)
        where T : IComponent => part.InvokeAsync(() => part.Find(selector).ClickAsync(new()));

    /// <summary>Clicks the dialog's button with that text.</summary>
    protected Task ClickInDialogAsync(string text) => Dialogs.InvokeAsync(() => Dialogs.FindAll(".mud-dialog button")
        .First(button => button.TextContent.Contains(text, StringComparison.Ordinal)).ClickAsync(new()));

    protected static InstanceSample Row(string key, double cpu = 0, InstanceStatus status = InstanceStatus.Running, string? problem = null) =>
        new(key, key, $"The {key}", null, status, "n", cpu, 5 << 20, 0, null, 0, 7, 18500, null, problem);

    protected static HubSnapshot Snapshot(long sequence, params InstanceSample[] rows) =>
        new(sequence, DateTimeOffset.UnixEpoch, new HostSample(25, 1L << 30, 4L << 30), rows);

    public new async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Hub.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
