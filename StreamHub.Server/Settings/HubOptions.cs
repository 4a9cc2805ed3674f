using StreamHub.Domain.Apps;

namespace StreamHub.Server.Settings;

/// <summary>The section <c>StreamHub</c> of the configuration. Every key, its default and its meaning are in docs/configuration.md.</summary>
internal sealed class HubOptions
{
    public const string Section = "StreamHub";

    /// <summary>Databases, keys, logs; relative to the content root.</summary>
    public string DataDirectory { get; set; } = "data";

    public ListenerOptions Listen { get; set; } = new();

    /// <summary>The public URLs of the listeners.</summary>
    public PublicUrlOptions PublicUrl { get; set; } = new();

    /// <summary>Accepted host names in addition to the machine's own.</summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Addresses of the proxies whose <c>X-Forwarded-For</c> is trusted.</summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>Accepted browsers at an admin's address: <c>any</c>, or <c>known</c> ones only.</summary>
    public string AdminBrowsers { get; set; } = "any";

    /// <summary>The default interpreter of apps.</summary>
    public string Python { get; set; } = OperatingSystem.IsWindows() ? "python" : "python3";

    /// <summary>The IANA id of the time zone of users' hours; empty for the machine's own.</summary>
    public string TimeZone { get; set; } = "";

    /// <summary>How long the last good policy admits users while the database cannot be read.</summary>
    public string LastGoodPolicy { get; set; } = "60m";

    public AppsOptions Apps { get; set; } = new();

    public LimitsOptions Limits { get; set; } = new();

    /// <summary>The two listeners, as <c>http://address:port</c>.</summary>
    public sealed class ListenerOptions
    {
        /// <summary>Home, app shell, apps.</summary>
        public string Users { get; set; } = "http://0.0.0.0:8080";

        /// <summary>Dashboard, API, metrics.</summary>
        public string Admin { get; set; } = "http://0.0.0.0:8081";
    }

    /// <summary>Parsed by <see cref="Settings.PublicUrl"/>; empty without a proxy in front.</summary>
    public sealed class PublicUrlOptions
    {
        public string Users { get; set; } = "";

        public string Admin { get; set; } = "";
    }

    /// <summary>Limits on apps; durations as <see cref="Duration"/> reads them.</summary>
    public sealed class AppsOptions
    {
        /// <summary>The range of loopback ports for apps.</summary>
        public string Ports { get; set; } = "18500-18999";

        /// <summary>Allowed folders for scripts and programs of apps; empty allows all.</summary>
        public IList<string> Folders { get; } = [];

        /// <summary>Variables of every app: <c>NAME</c> hands on the hub's own, <c>NAME=value</c> sets it.</summary>
        public IList<string> Environment { get; } = [];

        /// <summary>Running app processes at once.</summary>
        public int MaxRunning { get; set; } = 20;

        /// <summary>Memory in MiB that must stay free after a start.</summary>
        public int MemoryReserve { get; set; } = 256;

        /// <summary>From launch to ready.</summary>
        public string StartTimeout { get; set; } = "60s";

        /// <summary>From terminate to kill.</summary>
        public string StopGrace { get; set; } = "10s";

        /// <summary>The time without use after which a run is stopped.</summary>
        public string IdleTimeout { get; set; } = "30m";

        /// <summary>How long open sessions may stay on a replaced run.</summary>
        public string DrainTimeout { get; set; } = "10m";

        /// <summary>How long a ready run may leave probes unanswered before it counts as unresponsive.</summary>
        public string AnswerTimeout { get; set; } = "60s";

        /// <summary>How often the hub opens a session in an app in use, or <c>never</c>.</summary>
        public string CheckInterval { get; set; } = "5m";

        /// <summary>How long that script may run before the run counts as unresponsive.</summary>
        public string ScriptTimeout { get; set; } = "5m";

        /// <summary>Whether apps keep running when the hub stops.</summary>
        public bool KeepOnStop { get; set; }

        /// <summary>Whether each run gets its own control group where the hub may create one (Linux).</summary>
        public bool ControlGroups { get; set; } = true;

        /// <summary>Whether runs are isolated where the system supports it (Linux).</summary>
        public bool Isolation { get; set; } = true;
    }

    /// <summary>Limits on clients; the defaults are in <see cref="TrafficLimits"/>.</summary>
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
