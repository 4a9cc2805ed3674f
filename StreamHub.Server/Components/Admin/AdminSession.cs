using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Server.Admin;
using StreamHub.Server.Admin.Entries;
using StreamHub.Server.Resources;

namespace StreamHub.Server.Components.Admin;

/// <summary>Who sits at a circuit. A circuit outlives its request, so the right to act is asked for again each time.</summary>
/// <param name="actions">Decides.</param>
/// <param name="actor">The visitor that the gate let in.</param>
/// <param name="address">The visitor's address.</param>
/// <param name="text">For what is said when an action was not carried out.</param>
/// <param name="logger">Where failures are written.</param>
public sealed partial class AdminSession(
    AdminActions actions, Actor actor, ClientAddress address, IStringLocalizer<AdminText> text, ILogger<AdminSession> logger)
{
    /// <summary>Who acts.</summary>
    public Actor Actor => actor;

    /// <summary>Whether the visitor is still the same admin.</summary>
    public bool IsAllowed =>
        actions.Explain(address) is AccessDecision.Admitted { User: { Role: Role.Admin } user }
        && string.Equals(user.Name.ToString(), actor.Name, StringComparison.Ordinal);

    /// <summary>
    /// Acts if the visitor still may. What can fail without a mistake in the hub (the disk is full, the database is
    /// locked) becomes a refusal to show; anything else goes on to the page's error boundary.
    /// </summary>
    public async Task<ActionResult> RunAsync(Func<Actor, Task<ActionResult>> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        if (!IsAllowed)
        {
            return Refused("AccessRemoved");
        }

        try
        {
            return await act(actor);
        }
        catch (Exception e) when (e is DbException or DbUpdateException or IOException or TimeoutException or OperationCanceledException)
        {
            Log.ActionFailed(logger, e, actor.Name);
            return Refused("Failed");
        }
    }

    private ActionResult Refused(string why) => ActionResult.Refused(new EntryError("", $"{text[why].Value}"));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "What {Actor} asked for on the admins' pages failed")]
        public static partial void ActionFailed(ILogger logger, Exception exception, string actor);
    }
}
