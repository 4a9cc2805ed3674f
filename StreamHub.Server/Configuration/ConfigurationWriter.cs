using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;

namespace StreamHub.Server.Configuration;

/// <summary>Writes domain values as rows: the counterpart of <see cref="ConfigurationReader"/>. Nothing is saved here.</summary>
internal static class ConfigurationWriter
{
    /// <summary>Makes the row of <paramref name="before"/>'s name (or else the new one's) say what <paramref name="after"/> says.</summary>
    public static async Task WriteAsync(HubDbContext db, User? before, User? after, CancellationToken cancellationToken)
    {
        var (name, id) = ((before ?? after)!.Name.ToString(), (before ?? after)!.Name.Row);
        var row = await db.Users.Include(user => user.Addresses).Include(user => user.Apps).AsSplitQuery()
            .SingleOrDefaultAsync(user => id == null ? user.Name == name : user.Id == id, cancellationToken);
        if (after is null)
        {
            if (row is not null)
            {
                db.Users.Remove(row);
            }

            return;
        }

        row ??= db.Users.Add(new UserRow()).Entity;
        row.Name = after.Name.ToString();
        row.Role = after.Role == Role.Admin ? "admin" : "user";
        row.Expires = after.Expires;
        row.Disabled = after.Disabled;
        row.Hours = [.. after.Hours.Windows.Select(WeekHours.Format)];
        row.AllowWide = after.AllowWide;
        row.Addresses.Clear();
        row.Addresses.AddRange(after.Addresses.Select(range => new UserAddressRow { Range = range.ToString() }));
        row.Apps.RemoveAll(app => !after.Apps.Any(slug => slug.ToString() == app.AppSlug));
        row.Apps.AddRange(after.Apps.Select(slug => slug.ToString()).Except(row.Apps.Select(app => app.AppSlug).ToList(), StringComparer.Ordinal)
            .Select(slug => new UserAppRow { AppSlug = slug }));
    }

    /// <inheritdoc cref="WriteAsync(HubDbContext, User?, User?, CancellationToken)"/>
    public static async Task WriteAsync(HubDbContext db, App? before, App? after, CancellationToken cancellationToken)
    {
        var slug = (before ?? after)!.Slug.ToString();
        var row = await db.Apps.SingleOrDefaultAsync(app => app.Slug == slug, cancellationToken);
        if (after is null)
        {
            if (row is not null)
            {
                db.Apps.Remove(row);
            }

            return;
        }

        row ??= db.Apps.Add(new AppRow { Slug = slug }).Entity;
        row.Name = after.Name;
        row.Instances = after.Instances == InstanceMode.PerUser ? "perUser" : "shared";
        row.IdleTimeoutSeconds = after.IdleTimeout is { } idle ? (long)idle.TotalSeconds : null;
        row.MinRuns = after.MinRuns;
        row.WarmHours = [.. after.WarmHours.Windows.Select(WeekHours.Format)];
        row.MaxSessions = after.MaxSessions;
        row.Priority = after.Priority switch { AppPriority.Low => "low", AppPriority.High => "high", _ => "normal" };
        row.MemorySoft = after.Memory.Soft;
        row.MemoryHard = after.Memory.Hard;
        row.Hung = after.Hung == HungPolicy.Show ? "show" : "restart";
        row.Restart = after.Restart?.Cron;
        row.RestartZone = after.Restart?.Zone;
        row.Env = JsonSerializer.Serialize(after.Env);
        row.Args = [.. after.Args];
        var streamlit = after.Runtime as AppRuntime.Streamlit;
        var command = after.Runtime as AppRuntime.Command;
        row.Runtime = streamlit is not null ? "streamlit" : command is not null ? "command" : "demo";
        row.Script = streamlit?.Script;
        row.Python = streamlit?.Python;
        row.Command = command is null ? [] : [.. command.Argv];
        row.Health = command?.Health;
    }
}
