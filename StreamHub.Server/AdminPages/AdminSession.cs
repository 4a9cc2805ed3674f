using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using StreamHub.Domain.Access;
using StreamHub.Domain.Refusals;
using StreamHub.Server.Access;
using StreamHub.Server.Audit;
using StreamHub.Server.Configuration;
using StreamHub.Server.Entries;
using StreamHub.Server.Resources;

namespace StreamHub.Server.AdminPages;

/// <summary>The admin of a circuit. A circuit outlives its request, so access is checked again before each action.</summary>
public sealed partial class AdminSession
{
    private readonly CurrentPolicy policy;
    private readonly (int Id, string Name) visitor;
    private readonly ClientAddress address;
    private readonly IStringLocalizer<AdminText> text;
    private readonly ILogger<AdminSession> logger;

    internal AdminSession(CurrentPolicy policy, (int Id, string Name) visitor, ClientAddress address, IStringLocalizer<AdminText> text, ILogger<AdminSession> logger)
    {
        this.policy = policy;
        this.visitor = visitor;
        this.address = address;
        this.text = text;
        this.logger = logger;
    }

    /// <summary>The actor of a change, by the current user name.</summary>
    public Actor Actor => new(Admin?.Name.ToString() ?? visitor.Name, address.ToString());

    /// <summary>Whether the visitor is still the same admin; a rename does not matter.</summary>
    public bool IsAllowed => Admin is not null;

    private User? Admin => policy.Decide(address) is AccessDecision.Admitted { User: { Role: Role.Admin } user } && user.Id == visitor.Id ? user : null;

    /// <summary>
    /// Runs an action if the visitor is still an admin. Operational failures (a full disk, a locked database) become a refusal to show; other
    /// exceptions reach the page's error boundary.
    /// </summary>
    public async Task<ChangeResult> RunAsync(Func<Actor, Task<ChangeResult>> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        var actor = Actor;
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

    private ChangeResult Refused(string why) => ChangeResult.Refused(new EntryError("", $"{text[why].Value}"));

    private static partial class Log
    {
        [LoggerMessage(2031, LogLevel.Error, "An action of {Actor} on the admin pages failed")]
        public static partial void ActionFailed(ILogger logger, Exception exception, string actor);
    }
}
