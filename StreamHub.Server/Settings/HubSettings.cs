using System.Net;
using StreamHub.Domain.Access;
using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Settings;

/// <summary>The parsed and checked configuration.</summary>
/// <param name="DataDirectory">Absolute path; exists.</param>
/// <param name="UsersListener">Port 0 selects any free port.</param>
/// <param name="AllowedHosts">Accepted host names in addition to the machine's own.</param>
/// <param name="KnownProxies">The proxies whose <c>X-Forwarded-For</c> is trusted.</param>
/// <param name="Python">The default interpreter of apps.</param>
/// <param name="Limits">Limits of the supervisor.</param>
internal sealed record HubSettings(
    string DataDirectory,
    IPEndPoint UsersListener,
    IPEndPoint AdminListener,
    IReadOnlyList<string> AllowedHosts,
    IReadOnlyList<ClientAddress> KnownProxies,
    string Python,
    int FirstAppPort,
    int LastAppPort,
    SupervisionLimits Limits)
{
    /// <summary>The public URL of the users' listener; null without a proxy in front.</summary>
    public PublicUrl? PublicUsersUrl { get; init; }

    /// <summary>The public URL of the admin listener; null without a proxy in front.</summary>
    public PublicUrl? PublicAdminUrl { get; init; }

    public CheckSettings Checks { get; init; } = new();

    /// <summary>Whether apps keep running when the hub stops.</summary>
    public bool KeepsAppsOnStop { get; init; }

    /// <summary>The time zone of users' hours.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Whether each run gets its own control group where the hub may create one (Linux).</summary>
    public bool ControlGroups { get; init; } = true;

    /// <summary>The allowed folders for scripts and programs of apps.</summary>
    public AppFolders Folders { get; init; } = new([], Python);

    /// <summary>Variables of every app: <c>StreamHub:Apps:Environment</c>.</summary>
    public IReadOnlyDictionary<string, string> AppVariables { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether runs are isolated where the system supports it (Linux).</summary>
    public bool Isolation { get; init; } = true;

    /// <summary>The folders that are closed to runs; null for none.</summary>
    public ClosedFolders? Closed => ClosedFolders.Of(DataDirectory, Isolation);

    /// <summary>Whether an admin needs a known browser in addition to the address.</summary>
    public bool KnownAdminBrowsers { get; init; }

    /// <summary>How long the last good policy admits users while the database cannot be read.</summary>
    public TimeSpan LastGoodPolicy { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>Limits on clients.</summary>
    public TrafficLimits Traffic { get; init; } = new();

    /// <summary>The public URL of a listener; null when it is not set.</summary>
    public PublicUrl? PublicUrl(Listener listener) => listener == Listener.Users ? PublicUsersUrl : PublicAdminUrl;
}
