using StreamHub.Domain.Apps;

namespace StreamHub.Server.Settings;

/// <summary>The section <c>StreamHub</c> of the configuration. Every key, its default and its meaning are in docs/configuration.md.</summary>
internal sealed class HubOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "StreamHub";

    /// <summary>Databases, keys, logs; relative to the content root.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Where the hub listens.</summary>
    public ListenerOptions Listen { get; set; } = new();

    /// <summary>The addresses under which people reach the listeners.</summary>
    public PublicUrlOptions PublicUrl { get; set; } = new();

    /// <summary>Host names accepted beside the machine's own.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Addresses of the proxies whose <c>X-Forwarded-For</c> counts.</summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>Which browsers at an admin's address are let in: <c>any</c>, or <c>known</c> ones.</summary>
    public string AdminBrowsers { get; set; } = "any";

    /// <summary>The interpreter of apps that name none.</summary>
    public string Python { get; set; } = OperatingSystem.IsWindows() ? "python" : "python3";

    /// <summary>The IANA id of the time zone in which users' hours are meant; empty for the machine's own.</summary>
    public string TimeZone { get; set; } = "";

    /// <summary>How long the policy that was read last lets people in while the database cannot be read.</summary>
    public string LastGoodPolicy { get; set; } = "60m";

    /// <summary>Limits on apps.</summary>
    public AppsOptions Apps { get; set; } = new();

    /// <summary>Limits on clients.</summary>
    public LimitsOptions Limits { get; set; } = new();

    /// <summary>The two listeners, as <c>http://address:port</c>.</summary>
    public sealed class ListenerOptions
    {
        /// <summary>Home, app shell, apps.</summary>
        public string Users { get; set; } = "http://0.0.0.0:8080";

        /// <summary>Dashboard, API, metrics.</summary>
        public string Admin { get; set; } = "http://0.0.0.0:8081";
    }

    /// <summary>As <see cref="Settings.PublicUrl"/> reads them; empty where people reach the listener itself.</summary>
    public sealed class PublicUrlOptions
    {
        /// <summary>Of the users' listener.</summary>
        public string Users { get; set; } = "";

        /// <summary>Of the admin listener.</summary>
        public string Admin { get; set; } = "";
    }

    /// <summary>Limits on apps; durations as <see cref="Duration"/> reads them.</summary>
    public sealed class AppsOptions
    {
        /// <summary>Loopback ports that apps may be given, first and last.</summary>
        public string Ports { get; set; } = "18500-18999";

        /// <summary>Folders in which the scripts and programs of apps have to lie; none for anywhere.</summary>
        public IList<string> Folders { get; } = [];

        /// <summary>Living app processes at once.</summary>
        public int MaxRunning { get; set; } = 20;

        /// <summary>Mebibytes of the machine's memory that a start must leave free.</summary>
        public int MemoryReserve { get; set; } = 256;

        /// <summary>From launch to ready.</summary>
        public string StartTimeout { get; set; } = "60s";

        /// <summary>From terminate to kill.</summary>
        public string StopGrace { get; set; } = "10s";

        /// <summary>Unused time before a run is stopped.</summary>
        public string IdleTimeout { get; set; } = "30m";

        /// <summary>How long open sessions stay on a replaced run.</summary>
        public string DrainTimeout { get; set; } = "10m";

        /// <summary>How long a ready run may not answer before it counts as hung.</summary>
        public string AnswerTimeout { get; set; } = "60s";

        /// <summary>How often the hub runs a script of an app that people work in; <c>never</c> for not at all.</summary>
        public string CheckInterval { get; set; } = "5m";

        /// <summary>How long such a script may take before the run counts as hung.</summary>
        public string ScriptTimeout { get; set; } = "5m";

        /// <summary>Whether apps go on when the hub is stopped.</summary>
        public bool KeepOnStop { get; set; }

        /// <summary>Whether a run gets a control group of its own where the hub may make one (Linux).</summary>
        public bool ControlGroups { get; set; } = true;

        /// <summary>Whether a run is kept to itself where the system can do that (Linux).</summary>
        public bool Isolation { get; set; } = true;
    }

    /// <summary>Limits on clients; see <see cref="TrafficLimits"/>, which holds the defaults.</summary>
    public sealed class LimitsOptions
    {
        private static readonly TrafficLimits Defaults = new();

        /// <inheritdoc cref="TrafficLimits.Connections"/>
        public int Connections { get; set; } = Defaults.Connections;

        /// <inheritdoc cref="TrafficLimits.ConnectionsPerAddress"/>
        public int ConnectionsPerAddress { get; set; } = Defaults.ConnectionsPerAddress;

        /// <inheritdoc cref="TrafficLimits.Sockets"/>
        public int Sockets { get; set; } = Defaults.Sockets;

        /// <inheritdoc cref="TrafficLimits.SocketsPerAddress"/>
        public int SocketsPerAddress { get; set; } = Defaults.SocketsPerAddress;

        /// <inheritdoc cref="TrafficLimits.RequestsPerSecond"/>
        public int RequestsPerSecond { get; set; } = Defaults.RequestsPerSecond;

        /// <inheritdoc cref="TrafficLimits.RequestBurst"/>
        public int RequestBurst { get; set; } = Defaults.RequestBurst;

        /// <inheritdoc cref="TrafficLimits.RefusedPerSecond"/>
        public int RefusedPerSecond { get; set; } = Defaults.RefusedPerSecond;

        /// <inheritdoc cref="TrafficLimits.RefusedBurst"/>
        public int RefusedBurst { get; set; } = Defaults.RefusedBurst;

        /// <inheritdoc cref="TrafficLimits.HeaderSize"/>
        public int HeaderSize { get; set; } = Defaults.HeaderSize;

        /// <inheritdoc cref="TrafficLimits.SlowestRate"/>
        public int SlowestRate { get; set; } = Defaults.SlowestRate;

        /// <inheritdoc cref="TrafficLimits.StallTimeout"/>
        public string StallTimeout { get; set; } = Duration.Format(Defaults.StallTimeout);
    }
}
