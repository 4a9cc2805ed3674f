using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Entries;
using StreamHub.Server.Platform;

namespace StreamHub.Server.Requests;

/// <summary>Admins' decisions on requests for access. A request is decided once; a second decision is refused.</summary>
internal sealed class RequestDecisions(
    IDbContextFactory<HubDbContext> contexts, AccessRequests requests, ConfigurationEditor editor, AuditTrail audit, SteadyClock clock)
{
    private const int MaxNoteLength = 300;

    /// <summary>Assigns the address (and the apps) to a user and closes the request, in one transaction.</summary>
    public async Task<ChangeResult> ApproveAsync(long id, Approval approval, ChangeOptions options, Actor actor, CancellationToken cancellationToken)
    {
        if (await requests.FindAsync(id, cancellationToken) is not { } request)
        {
            return Missing(id);
        }

        if (request.State != AccessRequestState.Open)
        {
            return Decided(request);
        }

        var result = await editor.ChangeAsync(
            draft => Grant(draft, approval, request),
            strict: false,
            options,
            actor,
            cancellationToken,
            also: (db, rows) => CloseAsync(db, rows, id, AccessRequestState.Approved, note: null, actor, cancellationToken),
            act: ("request.approve", request.Address));
        return result.Succeeded ? result with { Changes = [.. result.Changes, $"request {id}: {AccessRequestState.Approved}"] } : result;
    }

    /// <summary>Warnings of an approval: ranges that share addresses with ranges of other users.</summary>
    public IReadOnlyList<AccessOverlap> Overlaps(AccessRequest request, Approval approval) => editor.Overlaps(draft => Grant(draft, approval, request));

    /// <summary>Closes a request without granting it.</summary>
    /// <param name="state">Declined or blocked; withdrawn lifts a block.</param>
    /// <param name="note">The message to the visitor, cut to 300 characters.</param>
    public async Task<ChangeResult> CloseAsync(long id, AccessRequestState state, string? note, Actor actor, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var rows = new List<AuditRow>();
        if (!await CloseAsync(db, rows, id, state, note, actor, cancellationToken))
        {
            return await requests.FindAsync(id, cancellationToken) is { } known
                ? Decided(known)
                : Missing(id);
        }

        var head = await AuditTrail.AddAsync(db, rows, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        audit.Anchor(head);
        return ChangeResult.Done($"request {id}: {state}");
    }

    private static ChangeResult Missing(long id) => ChangeResult.Refused(new EntryError("", $"there is no request {id}"));

    private static ChangeResult Decided(AccessRequest request) =>
        ChangeResult.Refused(new EntryError("", $"the request {request.Id} is already decided: {request.State}"));

    private void Grant(ConfigurationDraft draft, Approval approval, AccessRequest request)
    {
        var address = ClientAddress.Parse(request.Address);
        var before = draft.FindUser(approval.User ?? "");
        if (approval is { User: null, NewUser: null } or { User: not null, NewUser: not null })
        {
            draft.Refuse("user", $"give user for an existing user, or newUser");
            return;
        }

        if (approval.User is not null && before is null)
        {
            draft.Refuse("user", $"there is no user '{approval.User}'");
            return;
        }

        if (approval.NewUser is not null && draft.FindUser(approval.NewUser) is not null)
        {
            draft.Refuse("newUser", $"the user '{approval.NewUser}' exists already");
            return;
        }

        var entry = before is null ? new UserEntry { Name = approval.NewUser! } : UserEntry.Of(before);
        entry = entry.As(approval.Role ?? entry.Role);
        entry.Apps = [.. entry.Apps.Union(approval.Apps, StringComparer.Ordinal)];
        entry.Expires = approval.Expires ?? entry.Expires;
        if (approval.Replaces is { Length: > 0 } old)
        {
            if (!entry.Addresses.Contains(old))
            {
                draft.Refuse("replaces", $"'{old}' is not an address of {entry.Name}");
                return;
            }

            entry.Addresses = [.. entry.Addresses.Where(known => known != old)];
        }

        // A range of the user does not admit the address while another user has a narrower or equal one. The single address is the narrowest range.
        var own = Narrowest(entry.Addresses.Select(known => AddressRange.TryParse(known, out var range) ? range : default));
        if (own <= Narrowest(draft.Current.Users.Where(user => user.Name != before?.Name).SelectMany(user => user.Addresses)))
        {
            entry.Addresses = [.. entry.Addresses, request.Address];
        }

        // The draft refuses the address when another user owns exactly this one.
        draft.Put(entry, "", before);
        if (draft.Errors.Count == 0
            && draft.Next().Policy.Decide(address, clock.Wall) is AccessDecision.Disabled or AccessDecision.Expired)
        {
            draft.Refuse("", $"{request.Address} would still not be admitted: {entry.Name} is disabled or expired");
        }

        int Narrowest(IEnumerable<AddressRange> ranges) =>
            ranges.Where(range => range.Contains(address)).Select(range => range.Bits).DefaultIfEmpty(-1).Max();
    }

    private async Task<bool> CloseAsync(
        HubDbContext db, List<AuditRow> rows, long id, AccessRequestState state, string? note, Actor actor, CancellationToken cancellationToken)
    {
        // After a decision only a block can be lifted.
        var from = state == AccessRequestState.Withdrawn ? AccessRequestState.Blocked : AccessRequestState.Open;
        if (await db.AccessRequests.SingleOrDefaultAsync(row => row.Id == id && row.State == from, cancellationToken) is not { } row)
        {
            return false;
        }

        row.State = state;
        row.Note = PlainText.Line(note, MaxNoteLength);
        row.DecidedBy = actor.Name;
        row.DecidedAt = clock.Wall;
        await db.SaveChangesAsync(cancellationToken);
        rows.Add(new AuditRow
        {
            At = clock.Wall,
            Actor = actor.Name,
            Address = actor.Address,
            Action = $"request.{(state == AccessRequestState.Withdrawn ? "unblocked" : state.ToString().ToLowerInvariant())}",
            Target = row.Address,
            Before = EntryWriter.Audit(new { row.Name, row.App, row.Purpose }),
            After = row.Note is null ? null : EntryWriter.Audit(new { row.Note }),
        });
        return true;
    }
}
