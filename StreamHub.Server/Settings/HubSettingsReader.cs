using System.Globalization;
using System.Net;
using Microsoft.Extensions.Options;
using StreamHub.Domain.Access;
using StreamHub.Domain.Apps;
using StreamHub.Domain.Supervision;

namespace StreamHub.Server.Settings;

/// <summary>Parses <see cref="HubOptions"/> into <see cref="HubSettings"/> or reports every invalid value.</summary>
internal sealed class HubSettingsReader
{
    private const int SmallestHeaders = 8 * 1024;
    private const int LargestHeaders = 1024 * 1024;

    private readonly List<string> errors = [];

    /// <param name="contentRoot">The base of a relative data directory.</param>
    /// <exception cref="OptionsValidationException">A value is missing or invalid; every failure is listed.</exception>
    public static HubSettings Read(IConfiguration configuration, string contentRoot)
    {
        var options = new HubOptions();
        try
        {
            configuration.GetSection(HubOptions.Section).Bind(options);
        }
        catch (InvalidOperationException exception)
        {
            // The binder's own message names the key and the value.
            throw Invalid([exception.InnerException?.Message ?? exception.Message]);
        }

        return new HubSettingsReader().Parse(options, contentRoot);
    }

    /// <summary>An exception that prevents the start.</summary>
    /// <param name="failures">A line for each invalid setting.</param>
    public static OptionsValidationException Invalid(IEnumerable<string> failures) => new(HubOptions.Section, typeof(HubOptions), failures);

    private HubSettings Parse(HubOptions options, string contentRoot)
    {
        var (firstPort, lastPort) = Ports(options.Apps.Ports);
        var settings = new HubSettings(
            DataDirectory(options.DataDirectory, contentRoot),
            EndPoint("Listen:Users", options.Listen.Users),
            EndPoint("Listen:Admin", options.Listen.Admin),
            [.. options.AllowedHosts.Select(AllowedHost)],
            [.. options.KnownProxies.Select(KnownProxy)],
            options.Python,
            firstPort,
            lastPort,
            new SupervisionLimits
            {
                MaxRunning = AtLeastOne("Apps:MaxRunning", options.Apps.MaxRunning),
                MemoryReserve = (long)NotNegative("Apps:MemoryReserve", options.Apps.MemoryReserve) << 20,
                MaxStarting = Math.Max(2, Environment.ProcessorCount),
                StartTimeout = Positive("Apps:StartTimeout", options.Apps.StartTimeout),
                ScriptTimeout = Positive("Apps:ScriptTimeout", options.Apps.ScriptTimeout),
                StopGrace = Positive("Apps:StopGrace", options.Apps.StopGrace),
                IdleTimeout = Length("Apps:IdleTimeout", options.Apps.IdleTimeout),
                DrainTimeout = Positive("Apps:DrainTimeout", options.Apps.DrainTimeout),
            })
        {
            PublicUsersUrl = PublicUrl("PublicUrl:Users", options.PublicUrl.Users),
            PublicAdminUrl = PublicUrl("PublicUrl:Admin", options.PublicUrl.Admin),
            TimeZone = Zone(options.TimeZone),
            KnownAdminBrowsers = options.AdminBrowsers is "any" or "known" ? options.AdminBrowsers == "known" : Fail("AdminBrowsers", options.AdminBrowsers, "any or known", false),
            LastGoodPolicy = Length("LastGoodPolicy", options.LastGoodPolicy),
            KeepsAppsOnStop = options.Apps.KeepOnStop,
            Checks = new CheckSettings
            {
                AnswerWithin = Positive("Apps:AnswerTimeout", options.Apps.AnswerTimeout),
                ScriptEvery = Length("Apps:CheckInterval", options.Apps.CheckInterval),
            },
            ControlGroups = options.Apps.ControlGroups,
            Isolation = options.Apps.Isolation,
            AppVariables = AppVariables.Read(options.Apps.Environment, Environment.GetEnvironmentVariable, (name, expected) => Fail("Apps:Environment", name, expected)),
            Traffic = Traffic(options.Limits),
        };
        settings = settings with { Folders = new AppFolders([.. options.Apps.Folders.Select(Folder)], options.Python, settings.Closed) };
        if (settings.UsersListener.Port != 0 && settings.UsersListener.Port == settings.AdminListener.Port)
        {
            Fail("Listen:Admin", options.Listen.Admin, "a port other than that of Listen:Users");
        }

        if (settings.PublicUsersUrl is { } users && users.Origin == settings.PublicAdminUrl?.Origin)
        {
            Fail("PublicUrl:Admin", options.PublicUrl.Admin, "an origin other than that of PublicUrl:Users: an app must not share the admin pages' origin");
        }

        ForbidOrigin("PublicUrl:Admin", options.PublicUrl.Admin, settings.PublicAdminUrl, "Listen:Users", settings.UsersListener.Port, settings.AllowedHosts);
        ForbidOrigin("PublicUrl:Users", options.PublicUrl.Users, settings.PublicUsersUrl, "Listen:Admin", settings.AdminListener.Port, settings.AllowedHosts);
        return errors.Count == 0 ? settings : throw Invalid(errors);
    }

    private TrafficLimits Traffic(HubOptions.LimitsOptions limits)
    {
        var traffic = new TrafficLimits
        {
            Connections = AtLeastOne("Limits:Connections", limits.Connections),
            ConnectionsPerAddress = AtLeastOne("Limits:ConnectionsPerAddress", limits.ConnectionsPerAddress),
            Sockets = AtLeastOne("Limits:Sockets", limits.Sockets),
            SocketsPerAddress = AtLeastOne("Limits:SocketsPerAddress", limits.SocketsPerAddress),
            RequestsPerSecond = AtLeastOne("Limits:RequestsPerSecond", limits.RequestsPerSecond),
            RequestBurst = AtLeastOne("Limits:RequestBurst", limits.RequestBurst),
            RefusedPerSecond = AtLeastOne("Limits:RefusedPerSecond", limits.RefusedPerSecond),
            RefusedBurst = AtLeastOne("Limits:RefusedBurst", limits.RefusedBurst),
            HeaderSize = limits.HeaderSize is >= SmallestHeaders and <= LargestHeaders
                ? limits.HeaderSize
                : Fail("Limits:HeaderSize", $"{limits.HeaderSize}", $"{SmallestHeaders} to {LargestHeaders}, in bytes", SmallestHeaders),
            SlowestRate = limits.SlowestRate >= 0 ? limits.SlowestRate : Fail("Limits:SlowestRate", $"{limits.SlowestRate}", "0 or more, in bytes per second", 0),
            StallTimeout = Positive("Limits:StallTimeout", limits.StallTimeout),
        };
        if (traffic.Sockets >= limits.Connections && limits.Connections >= 1)
        {
            Fail("Limits:Sockets", $"{traffic.Sockets}", $"less than Limits:Connections ({traffic.Connections}): every WebSocket is a connection, and pages need some, too");
        }

        return traffic;
    }

    private string DataDirectory(string value, string contentRoot)
    {
        try
        {
            return Path.GetFullPath(value, contentRoot);
        }
        catch (ArgumentException)
        {
            return Fail("DataDirectory", value, "a path", contentRoot);
        }
    }

    private IPEndPoint EndPoint(string key, string value)
    {
        if (Uri.TryCreate(value, UriKind.Absolute, out var uri)
            && uri is { Scheme: "http", PathAndQuery: "/" }
            && (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) || IsLocalhost(uri, out address)))
        {
            return new IPEndPoint(address, uri.Port);
        }

        return Fail(key, value, "http://ADDRESS:PORT with an IP address or 'localhost'", new IPEndPoint(IPAddress.Loopback, 0));
    }

    private PublicUrl? PublicUrl(string key, string value) =>
        value.Length == 0 ? null
        : Settings.PublicUrl.TryParse(value, out var url) ? url
        : Fail<PublicUrl?>(key, value, "an absolute http or https address without path, query and user, such as https://hub.example", null);

    /// <summary>Refuses a public URL that is the address of the other listener.</summary>
    private void ForbidOrigin(string key, string value, PublicUrl? url, string other, int port, IEnumerable<string> names)
    {
        if (url is not null && new Uri(url.Origin) is { Scheme: "http" } uri && uri.Port == port
            && (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6
                || names.Append("localhost").Append(Environment.MachineName).Any(name => url.Host.Equals(name, StringComparison.OrdinalIgnoreCase))
                || url.Host.StartsWith(Environment.MachineName + '.', StringComparison.OrdinalIgnoreCase)))
        {
            Fail(key, value, $"an origin other than that of {other}: an app must not share the admin pages' origin");
        }
    }

    private static bool IsLocalhost(Uri uri, out IPAddress address)
    {
        address = IPAddress.Loopback;
        return uri.Host == "localhost";
    }

    private string AllowedHost(string value) =>
        value.Contains('*', StringComparison.Ordinal) ? Fail("AllowedHosts", value, "a host name; each is listed by itself", "") : value;

    private ClientAddress KnownProxy(string value) =>
        ClientAddress.TryParse(value, out var address) && !address.ToIPAddress().Equals(IPAddress.Any) && !address.ToIPAddress().Equals(IPAddress.IPv6Any)
            ? address
            : Fail<ClientAddress>("KnownProxies", value, "an IP address of one machine: whoever has it says for whom they ask", default);

    private string Folder(string value) =>
        Path.IsPathFullyQualified(value) ? value : Fail("Apps:Folders", value, "the absolute path of a folder; each is listed by itself", "");

    private (int First, int Last) Ports(string value)
    {
        var parts = value.Split('-');
        return parts.Length == 2 && Port(parts[0], out var first) && Port(parts[1], out var last) && first <= last
            ? (first, last)
            : Fail("Apps:Ports", value, "FIRST-LAST, each 1 to 65535", (0, 0));

        static bool Port(string text, out int port) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= IPEndPoint.MaxPort;
    }

    private TimeZoneInfo Zone(string value) =>
        value.Length == 0 ? TimeZoneInfo.Local
        : TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone) ? zone
        : Fail("TimeZone", value, "the IANA id of a time zone that this machine knows, such as Europe/Berlin or Asia/Seoul", TimeZoneInfo.Utc);

    private int AtLeastOne(string key, int value) => value >= 1 ? value : Fail(key, $"{value}", "1 or more", 1);

    private int NotNegative(string key, int value) => value >= 0 ? value : Fail(key, $"{value}", "0 or more, in MiB", 0);

    private TimeSpan Length(string key, string value) =>
        Duration.TryParse(value, out var length) ? length : Fail(key, value, Duration.Expected, TimeSpan.Zero);

    private TimeSpan Positive(string key, string value) =>
        Duration.TryParse(value, out var length) && length > TimeSpan.Zero
            ? length
            : Fail(key, value, Duration.ExpectedPositive, TimeSpan.Zero);

    private void Fail(string key, string value, string expected) =>
        errors.Add($"{HubOptions.Section}:{key}: '{value}' is not {expected}.");

    private T Fail<T>(string key, string value, string expected, T placeholder)
    {
        Fail(key, value, expected);
        return placeholder;
    }
}
