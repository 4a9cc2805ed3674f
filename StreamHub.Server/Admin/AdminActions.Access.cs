using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Access;
using StreamHub.Server.Admin.Entries;
using StreamHub.Server.Admin.Import;
using StreamHub.Server.Admin.Tokens;
using StreamHub.Server.Data;

namespace StreamHub.Server.Admin;

/// <content>Who may come in: users, requests, tokens, and why.</content>
public sealed partial class AdminActions
{
    /// <summary>Creates a user, or changes the one named <paramref name="original"/> (renaming included).</summary>
    public Task<ActionResult> SaveUserAsync(UserEntry entry, string? original, Actor actor, CancellationToken cancellationToken) =>
        editor.SaveUserAsync(entry, original, default, actor, cancellationToken);

    /// <inheritdoc cref="SaveUserAsync(UserEntry, string?, Actor, CancellationToken)"/>
    public Task<ActionResult> SaveUserAsync(
        UserEntry entry, string? original, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        editor.SaveUserAsync(entry, original, options, actor, cancellationToken);

    /// <summary>Removes a user. The last admin stays.</summary>
    public Task<ActionResult> RemoveUserAsync(string name, Actor actor, CancellationToken cancellationToken) =>
        editor.RemoveUserAsync(name, default, actor, cancellationToken);

    /// <inheritdoc cref="RemoveUserAsync(string, Actor, CancellationToken)"/>
    public Task<ActionResult> RemoveUserAsync(string name, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        editor.RemoveUserAsync(name, options, actor, cancellationToken);

    /// <summary>Bytes of a table of users at most.</summary>
    public const int LargestImport = UserTable.LargestFile;

    /// <summary>Creates and updates users by name from a table (CSV), all or none; errors name row and column.</summary>
    public Task<ActionResult> ImportUsersAsync(byte[] file, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        import.RunAsync(file, options, actor, cancellationToken);

    /// <summary>Visitors' requests for access, newest first: the open ones, or those that were decided.</summary>
    public Task<IReadOnlyList<AccessRequest>> RequestsAsync(bool open, CancellationToken cancellationToken) => requests.ListAsync(open, cancellationToken);

    /// <summary>How many requests wait for a decision.</summary>
    public Task<int> CountRequestsAsync(CancellationToken cancellationToken) => requests.CountOpenAsync(cancellationToken);

    /// <summary>Lets a visitor in who asked, or gives an app that was asked for.</summary>
    public Task<ActionResult> ApproveAsync(long request, Approval approval, ChangeOptions options, Actor actor, CancellationToken cancellationToken) =>
        decisions.ApproveAsync(request, approval, options, actor, cancellationToken);

    /// <summary>Declines or blocks a request, with a note for the visitor; <see cref="AccessRequestState.Withdrawn"/> lifts a block.</summary>
    public Task<ActionResult> CloseRequestAsync(long request, AccessRequestState state, string? note, Actor actor, CancellationToken cancellationToken) =>
        decisions.CloseAsync(request, state, note, actor, cancellationToken);

    /// <summary>The bearer tokens, without their secrets; those that were taken back at the end.</summary>
    public Task<IReadOnlyList<TokenInfo>> TokensAsync(CancellationToken cancellationToken) => tokens.ListAsync(cancellationToken);

    /// <summary>Makes a bearer token; the secret, null when it was refused, is told this once.</summary>
    public Task<(ActionResult Result, string? Secret)> CreateTokenAsync(TokenEntry entry, Actor actor, CancellationToken cancellationToken) =>
        tokens.CreateAsync(entry, actor, cancellationToken);

    /// <summary>Takes a bearer token back.</summary>
    public Task<ActionResult> RevokeTokenAsync(string name, Actor actor, CancellationToken cancellationToken) => tokens.RevokeAsync(name, actor, cancellationToken);

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
