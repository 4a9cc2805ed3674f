using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Api;
using StreamHub.Server.Configuration.Entries;
using StreamHub.Server.Requests;
using StreamHub.Server.Tokens;
using StreamHub.Server.Users.Import;

namespace StreamHub.Server.Configuration;

/// <content>Who may come in: users, requests, tokens, and why.</content>
internal sealed partial class AdminActions
{
    /// <summary>Creates a user, or changes the one named <paramref name="original"/> (renaming included).</summary>
    public Task<ChangeResult> SaveUserAsync(UserEntry entry, string? original, Actor actor, CancellationToken cancellationToken) =>
        editor.SaveUserAsync(entry, original, default, actor, cancellationToken);

    /// <inheritdoc cref="SaveUserAsync(UserEntry, string?, Actor, CancellationToken)"/>
    public Task<ChangeResult> SaveUserAsync(
        UserEntry entry, string? original, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        editor.SaveUserAsync(entry, original, options, actor, cancellationToken);

    /// <summary>Removes a user. The last admin stays.</summary>
    public Task<ChangeResult> RemoveUserAsync(string name, Actor actor, CancellationToken cancellationToken) =>
        editor.RemoveUserAsync(name, default, actor, cancellationToken);

    /// <inheritdoc cref="RemoveUserAsync(string, Actor, CancellationToken)"/>
    public Task<ChangeResult> RemoveUserAsync(string name, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        editor.RemoveUserAsync(name, options, actor, cancellationToken);

    /// <summary>Bytes of a table of users at most.</summary>
    public const int LargestImport = UserTable.LargestFile;

    /// <summary>Creates and updates users by name from a table (CSV), all or none; errors name row and column.</summary>
    public Task<ChangeResult> ImportUsersAsync(byte[] file, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        import.RunAsync(file, options, actor, cancellationToken);

    /// <summary>Visitors' requests for access, newest first: the open ones, or those that were decided.</summary>
    public Task<IReadOnlyList<AccessRequest>> RequestsAsync(bool open, CancellationToken cancellationToken) => requests.ListAsync(open, cancellationToken);

    /// <summary>How many requests wait for a decision.</summary>
    public Task<int> CountRequestsAsync(CancellationToken cancellationToken) => requests.CountOpenAsync(cancellationToken);

    /// <summary>Lets a visitor in who asked, or gives an app that was asked for.</summary>
    public Task<ChangeResult> ApproveAsync(long request, Approval approval, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        decisions.ApproveAsync(request, approval, options, actor, cancellationToken);

    /// <summary>Declines or blocks a request, with a note for the visitor; <see cref="AccessRequestState.Withdrawn"/> lifts a block.</summary>
    public Task<ChangeResult> CloseRequestAsync(long request, AccessRequestState state, string? note, Actor actor, CancellationToken cancellationToken) =>
        decisions.CloseAsync(request, state, note, actor, cancellationToken);

    /// <summary>The bearer tokens, without their secrets; those that were taken back at the end.</summary>
    public Task<IReadOnlyList<TokenInfo>> TokensAsync(CancellationToken cancellationToken) => tokens.ListAsync(cancellationToken);

    /// <summary>Makes a bearer token; the secret, null when it was refused, is told this once.</summary>
    public Task<(ChangeResult Result, string? Secret)> CreateTokenAsync(TokenEntry entry, Actor actor, CancellationToken cancellationToken) =>
        tokens.CreateAsync(entry, actor, cancellationToken);

    /// <summary>Takes a bearer token back.</summary>
    public Task<ChangeResult> RevokeTokenAsync(string name, Actor actor, CancellationToken cancellationToken) => tokens.RevokeAsync(name, actor, cancellationToken);

    /// <summary>Which user and which range an address belongs to now; null when it cannot be decided.</summary>
    public AccessDecision? Explain(ClientAddress address) => policy.Decide(address);

    /// <summary>Why an address may or may not come in, or open an app: step by step.</summary>
    public AccessExplanation ExplainAccess(ClientAddress address, AppSlug? slug = null) => editor.Explain(address, slug);

    /// <summary>Ranges of two users that share addresses, with the winner.</summary>
    public IReadOnlyList<AccessOverlap> Overlaps() => AccessOverlap.Find(store.Current.Users);

    /// <summary>What an entry that is accepted would surprise with: ranges that share addresses with other users' ones.</summary>
    public IReadOnlyList<AccessOverlap> Overlaps(UserEntry entry, string? original) => editor.Overlaps(entry, original);

    /// <summary>What an approval that is accepted would surprise with: ranges that share addresses with other users' ones.</summary>
    public IReadOnlyList<AccessOverlap> Overlaps(AccessRequest request, Approval approval) => decisions.Overlaps(request, approval);

    /// <summary>Whose wall clock the hours and last days of users mean.</summary>
    public TimeZoneInfo Zone => store.Current.Policy.Zone;
}
