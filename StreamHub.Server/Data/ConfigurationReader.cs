using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Server.Data.Rows;
using StreamHub.Server.Hosting;

namespace StreamHub.Server.Data;

/// <summary>
/// Reads rows into the domain. A row that makes no sense is left out and logged: whoever it would have let in
/// stays out, and everybody else is not held up.
/// </summary>
internal sealed partial class ConfigurationReader(HubSettings settings, ILogger<ConfigurationReader> logger)
{
    public async Task<HubConfiguration> ReadAsync(HubDbContext db, CancellationToken cancellationToken)
    {
        var apps = await db.Apps.AsNoTracking().ToListAsync(cancellationToken);
        var users = await db.Users.AsNoTracking()
            .Include(row => row.Addresses.OrderBy(address => address.Id)).Include(row => row.Apps)
            .AsSplitQuery().ToListAsync(cancellationToken);
        return HubConfiguration.Create(users.Select(User).OfType<User>(), apps.Select(App).OfType<App>(), settings.TimeZone);
    }

    private User? User(UserRow row)
    {
        Role? role = row.Role switch { "admin" => Role.Admin, "user" => Role.User, _ => null };
        if (role is null || !UserName.TryParse(row.Name, out var name))
        {
            Log.Unreadable(logger, "user", row.Name);
            return null;
        }

        var windows = new List<HoursWindow>();
        foreach (var text in row.Hours)
        {
            // Without one of its windows the limit could be no limit at all, so the user stays out instead.
            if (!AccessHours.TryParse(text, out var window))
            {
                Log.Unreadable(logger, $"hours of the user {row.Name}", text);
                return null;
            }

            windows.Add(window);
        }

        var addresses = ImmutableArray.CreateBuilder<AddressRange>();
        foreach (var address in row.Addresses)
        {
            if (AddressRange.TryParse(address.Range, out var range))
            {
                addresses.Add(range);
            }
            else
            {
                Log.Unreadable(logger, $"address of the user {row.Name}", address.Range);
            }
        }

        var apps = row.Apps.Select(app => AppSlug.TryParse(app.AppSlug, out var slug) ? slug : (AppSlug?)null).OfType<AppSlug>();
        return new User(name, role.Value, addresses.ToImmutable(), [.. apps], row.Expires)
        {
            Disabled = row.Disabled,
            Hours = AccessHours.Of(windows),
            AllowWide = row.AllowWide,
        };
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
        if (runtime is null || mode is null || !AppSlug.TryParse(row.Slug, out var slug) || Env(row.Env) is not { } env)
        {
            Log.Unreadable(logger, "app", row.Slug);
            return null;
        }

        return new App(slug, row.Name, runtime)
        {
            Instances = mode.Value,
            IdleTimeout = row.IdleTimeoutSeconds is { } seconds and >= 0 ? TimeSpan.FromSeconds(seconds) : null,
            Env = env,
            Args = [.. row.Args],
        };
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
        [LoggerMessage(LogLevel.Error, "The stored {Kind} '{Text}' cannot be read and is left out.")]
        public static partial void Unreadable(ILogger logger, string kind, string text);
    }
}
