using Microsoft.Extensions.DependencyInjection;
using StreamHub.Domain.Access;
using StreamHub.Domain.Instances;
using StreamHub.Server.Apps;
using StreamHub.Server.Data;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.Requests;
using StreamHub.Server.Supervision;
using StreamHub.Server.Tokens;
using StreamHub.Server.Users.Import;

namespace StreamHub.Tests.Server;

/// <summary>What tests do with a hub as an admin: the use cases of its capabilities by one name.</summary>
internal sealed class HubActions(IServiceProvider services)
{
    private ConfigurationEditor Editor => services.GetRequiredService<ConfigurationEditor>();

    private AppControl Control => services.GetRequiredService<AppControl>();

    private AccessRequests Requests => services.GetRequiredService<AccessRequests>();

    private RequestDecisions Decisions => services.GetRequiredService<RequestDecisions>();

    private TokenEditor Tokens => services.GetRequiredService<TokenEditor>();

    public TimeZoneInfo Zone => services.GetRequiredService<ConfigurationStore>().Zone;

    public string? UnreadHolds => Control.UnreadHolds;

    public AccessDecision? Explain(ClientAddress address) => services.GetRequiredService<CurrentPolicy>().Decide(address);

    public HubFile Export() => Editor.Export();

    public Task<ChangeResult> SaveUserAsync(UserEntry entry, string? original, Actor actor, CancellationToken cancellationToken) => Editor.SaveUserAsync(entry, original, actor, cancellationToken);

    public Task<ChangeResult> SaveUserAsync(UserEntry entry, string? original, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        Editor.SaveUserAsync(entry, original, options, actor, cancellationToken);

    public Task<ChangeResult> RemoveUserAsync(string name, Actor actor, CancellationToken cancellationToken) => Editor.RemoveUserAsync(name, actor, cancellationToken);

    public Task<ChangeResult> RemoveUserAsync(string name, ChangeOptions options, Actor actor, CancellationToken cancellationToken) => Editor.RemoveUserAsync(name, options, actor, cancellationToken);

    public Task<ChangeResult> SaveAppAsync(AppEntry entry, string? original, Actor actor, CancellationToken cancellationToken) => Editor.SaveAppAsync(entry, original, actor, cancellationToken);

    public Task<ChangeResult> RemoveAppAsync(string slug, Actor actor, CancellationToken cancellationToken) => Editor.RemoveAppAsync(slug, actor, cancellationToken);

    public Task<ChangeResult> ApplyAsync(HubFile file, ChangeOptions options, Actor actor, CancellationToken cancellationToken) => Editor.ApplyAsync(file, [], options, actor, cancellationToken);

    public Task<ChangeResult> ApplyAsync(HubFile file, bool plan, Actor actor, CancellationToken cancellationToken) => Editor.ApplyAsync(file, [], plan, actor, cancellationToken);

    public Task<ChangeResult> ImportUsersAsync(byte[] file, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        services.GetRequiredService<UserImport>().RunAsync(file, options, actor, cancellationToken);

    public Task<IReadOnlyList<AccessRequest>> RequestsAsync(bool open, CancellationToken cancellationToken) => Requests.ListAsync(open, cancellationToken);

    public Task<int> CountRequestsAsync(CancellationToken cancellationToken) => Requests.CountOpenAsync(cancellationToken);

    public Task<ChangeResult> ApproveAsync(long request, Approval approval, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        Decisions.ApproveAsync(request, approval, options, actor, cancellationToken);

    public Task<ChangeResult> CloseRequestAsync(long request, AccessRequestState state, string? note, Actor actor, CancellationToken cancellationToken) =>
        Decisions.CloseAsync(request, state, note, actor, cancellationToken);

    public Task<IReadOnlyList<TokenInfo>> TokensAsync(CancellationToken cancellationToken) => Tokens.ListAsync(cancellationToken);

    public Task<(ChangeResult Result, string? Secret)> CreateTokenAsync(TokenEntry entry, Actor actor, CancellationToken cancellationToken) => Tokens.CreateAsync(entry, actor, cancellationToken);

    public Task<ChangeResult> RevokeTokenAsync(string name, Actor actor, CancellationToken cancellationToken) => Tokens.RevokeAsync(name, actor, cancellationToken);

    public Task<ChangeResult> StartAsync(InstanceKey instance, Actor actor, CancellationToken cancellationToken) => Control.StartAsync(instance, actor, cancellationToken);

    public Task<ChangeResult> StopAsync(InstanceKey instance, Actor actor, CancellationToken cancellationToken) => Control.StopAsync(instance, actor, cancellationToken);

    public Task<ChangeResult> StopAsync(InstanceKey instance, string? text, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken) =>
        Control.StopAsync(instance, text, until, actor, cancellationToken);

    public Task<ChangeResult> RestartAsync(InstanceKey instance, bool drain, string? why, Actor actor, CancellationToken cancellationToken) =>
        Control.RestartAsync(instance, drain, why, actor, cancellationToken);

    public Task<ChangeResult> BeginMaintenanceAsync(string? text, DateTimeOffset? until, Actor actor, CancellationToken cancellationToken) =>
        Control.BeginMaintenanceAsync(text, until, actor, cancellationToken);

    public Task<ChangeResult> EndMaintenanceAsync(Actor actor, CancellationToken cancellationToken) => Control.EndMaintenanceAsync(actor, cancellationToken);

    public Hold? HoldOf(InstanceKey instance) => Control.HoldOf(instance);

    public IReadOnlyList<string> LogTail(InstanceKey instance, int lines) => Control.LogTail(instance, lines);
}
