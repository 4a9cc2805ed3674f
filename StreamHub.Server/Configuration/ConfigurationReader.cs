using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Data;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Requests;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Configuration;

/// <summary>
/// Reads rows into the domain. A row that makes no sense is logged and lets nobody in, and everybody else is not held up. A user who
/// cannot be read is not left out: their addresses stay theirs and refuse, or a wider range of somebody else would admit them.
/// </summary>
internal sealed partial class ConfigurationReader(HubSettings settings, ILogger<ConfigurationReader> logger)
{
    public async Task<HubConfiguration> ReadAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        var apps = await db.Apps.AsNoTracking().ToListAsync(cancellationToken);
        var users = await db.Users.AsNoTracking()
            .Include(row => row.Addresses.OrderBy(address => address.Id)).Include(row => row.Apps)
            .AsSplitQuery().ToListAsync(cancellationToken);
        var tokens = await db.ApiTokens.AsNoTracking().ToListAsync(cancellationToken);
        return HubConfiguration.Create(users.Select(User), apps.Select(App).OfType<App>(), settings.TimeZone) with
        {
            Tokens = ApiTokens.Of(tokens.Select(Token).OfType<ApiToken>()),
            LastApproval = await db.AccessRequests.Where(row => row.State == AccessRequestState.Approved).MaxAsync(row => row.DecidedAt, cancellationToken),
        };
    }

    private ApiToken? Token(ApiTokenRow row)
    {
        TokenScope? scope = row.Scope switch { "read" => TokenScope.Read, "write" => TokenScope.Write, _ => null };
        if (scope is not null && TokenName.TryParse(row.Name, out var name))
        {
            return new ApiToken(row.Hash, name, scope.Value, row.Expires, row.Revoked is not null);
        }

        Log.Unreadable(logger, "token", row.Name);
        return null;
    }

    private User User(UserRow row)
    {
        var isReadable = true;
        if (!UserName.TryParse(row.Name, out var name))
        {
            Unreadable("name of the user", row.Name);
            name = UserName.OfRow(row.Id);
        }

        Role? role = row.Role switch { "admin" => Role.Admin, "user" => Role.User, _ => null };
        if (role is null)
        {
            Unreadable($"role of the user {name}", row.Role);
        }

        // Without one of its windows the limit could be no limit at all.
        if (Hours(row.Hours) is not { } hours)
        {
            Unreadable($"hours of the user {name}", string.Join("; ", row.Hours));
            hours = WeekHours.Always;
        }

        var addresses = ImmutableArray.CreateBuilder<AddressRange>();
        foreach (var address in row.Addresses)
        {
            if (AddressRange.TryParse(address.Range, out var range))
            {
                addresses.Add(range);
            }
            else if (ClientAddress.TryParse(address.Range.Split('/')[0], out var single))
            {
                // How far it goes cannot be told, but this address it holds.
                Unreadable($"range of the user {name}", address.Range);
                addresses.Add(AddressRange.Single(single));
            }
            else
            {
                Log.Unreadable(logger, $"address of the user {name}", address.Range);
            }
        }

        var apps = row.Apps.Select(app => AppSlug.TryParse(app.AppSlug, out var slug) ? slug : (AppSlug?)null).OfType<AppSlug>();
        return new User(name, role ?? Role.User, addresses.ToImmutable(), [.. apps], row.Expires)
        {
            Id = row.Id,
            Disabled = row.Disabled || !isReadable,
            Hours = hours,
            AllowWide = row.AllowWide,
        };

        void Unreadable(string kind, string text)
        {
            Log.ShutOut(logger, kind, text);
            isReadable = false;
        }
    }

    private App? App(AppRow row)
    {
        AppRuntime? runtime = row switch
        {
            { Runtime: "streamlit", Script: { Length: > 0 } script } => new AppRuntime.Streamlit(script, row.Python),
            { Runtime: "command", Command.Count: > 0 } => new AppRuntime.Command([.. row.Command], row.Health),
            { Runtime: "demo" } => new AppRuntime.Demo(),
            _ => null,
        };
        InstanceMode? mode = row.Instances switch { "shared" => InstanceMode.Shared, "perUser" => InstanceMode.PerUser, _ => null };
        AppPriority? priority = row.Priority switch { "low" => AppPriority.Low, "normal" => AppPriority.Normal, "high" => AppPriority.High, _ => null };
        HungPolicy? hung = row.Hung switch { "restart" => HungPolicy.Restart, "show" => HungPolicy.Show, _ => null };
        if (runtime is null || mode is null || priority is null || hung is null || Hours(row.WarmHours) is not { } warm || !AppSlug.TryParse(row.Slug, out var slug) || Env(row.Env) is not { } env)
        {
            Log.Unreadable(logger, "app", row.Slug);
            return null;
        }

        return new App(slug, row.Name, runtime)
        {
            Instances = mode.Value,
            IdleTimeout = row.IdleTimeoutSeconds is { } seconds and >= 0 ? TimeSpan.FromSeconds(seconds) : null,
            MinRuns = Math.Max(0, row.MinRuns),
            WarmHours = warm,
            MaxSessions = row.MaxSessions is > 0 ? row.MaxSessions : null,
            Priority = priority.Value,
            Memory = new MemoryLimits(row.MemorySoft, row.MemoryHard),
            Hung = hung.Value,
            Restart = row.Restart is { } cron ? new RestartSchedule(cron, row.RestartZone) : null,
            Env = env,
            Args = [.. row.Args],
        };
    }

    private static WeekHours? Hours(List<string> texts)
    {
        var windows = new List<HoursWindow>();
        foreach (var text in texts)
        {
            if (!WeekHours.TryParse(text, out var window))
            {
                return null;
            }

            windows.Add(window);
        }

        return WeekHours.Of(windows);
    }

    private static ImmutableSortedDictionary<string, string>? Env(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(json)?.ToImmutableSortedDictionary(StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1507, LogLevel.Error, "The stored {Kind} '{Text}' cannot be read and is left out.")]
        public static partial void Unreadable(ILogger logger, string kind, string text);

        [LoggerMessage(1508, LogLevel.Error, "The stored {Kind} '{Text}' cannot be read; the user counts as disabled.")]
        public static partial void ShutOut(ILogger logger, string kind, string text);
    }
}
