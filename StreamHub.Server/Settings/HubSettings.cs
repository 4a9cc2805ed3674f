using System.Net;
using StreamHub.Domain.Access;
using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Settings;

/// <summary>The configuration, parsed: what the rest of the hub works with.</summary>
/// <param name="DataDirectory">Absolute path; exists.</param>
/// <param name="UsersListener">Where users are served; port 0 for any free one.</param>
/// <param name="AllowedHosts">Host names accepted beside the machine's own.</param>
/// <param name="KnownProxies">Whose <c>X-Forwarded-For</c> counts.</param>
/// <param name="Python">The interpreter of apps that name none.</param>
/// <param name="FirstAppPort">First loopback port for apps.</param>
/// <param name="LastAppPort">Last loopback port for apps.</param>
/// <param name="Limits">What the supervisor may use.</param>
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
    /// <summary>The address under which people reach the users' listener, where it is not its own.</summary>
    public PublicUrl? PublicUsersUrl { get; init; }

    /// <summary>The address under which people reach the admin listener, where it is not its own.</summary>
    public PublicUrl? PublicAdminUrl { get; init; }

    /// <summary>How it is told whether a run does its work.</summary>
    public CheckSettings Checks { get; init; } = new();

    /// <summary>Whether apps go on when the hub is stopped.</summary>
    public bool KeepsAppsOnStop { get; init; }

    /// <summary>Whose wall clock the hours of users mean.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>Whether a run gets a control group of its own where the hub may make one (Linux).</summary>
    public bool ControlGroups { get; init; } = true;

    /// <summary>Where the scripts and programs of apps may lie.</summary>
    public AppFolders Folders { get; init; } = new([], Python);

    /// <summary>Whether a run is kept to itself where the system can do that (Linux).</summary>
    public bool Isolation { get; init; } = true;

    /// <summary>The folders that are closed to runs; null for none.</summary>
    public ClosedFolders? Closed => ClosedFolders.Of(DataDirectory, Isolation);

    /// <summary>Whether an admin needs a browser that is known, beside the address.</summary>
    public bool KnownAdminBrowsers { get; init; }

    /// <summary>How long the policy that was read last lets people in while the database cannot be read.</summary>
    public TimeSpan LastGoodPolicy { get; init; } = TimeSpan.FromMinutes(60);

    /// <summary>What clients may take.</summary>
    public TrafficLimits Traffic { get; init; } = new();

    /// <summary>The public address of a listener; null where it is not set.</summary>
    public PublicUrl? PublicUrl(Listener listener) => listener == Listener.Users ? PublicUsersUrl : PublicAdminUrl;
}
