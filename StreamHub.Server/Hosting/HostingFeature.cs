using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace StreamHub.Server.Hosting;

/// <summary>The two listeners, their limits, and what every page needs.</summary>
internal static class HostingFeature
{
    private static readonly CultureInfo[] Cultures = [new("en"), new("ko")];

    public static IServiceCollection AddHosting(this IServiceCollection services, HubSettings settings)
    {
        services.AddHosting();
        services.AddSingleton(settings);
        services.AddSingleton<SteadyClock>();
        services.AddSingleton<BoundListeners>();
        services.AddSingleton<HubExit>();
        services.AddSingleton<OwnAddresses>();
        services.AddSingleton<MatcherPolicy, ListenerMatcherPolicy>();

        // A service account may have no profile, where the keys would be otherwise; the directory is the hub's alone.
        services.AddDataProtection().SetApplicationName("StreamHub").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(settings.DataDirectory, "keys")));
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        services.Configure<HostOptions>(options => options.ShutdownTimeout = settings.Limits.StopGrace + TimeSpan.FromSeconds(10));
        return services;
    }

    /// <summary>What also the demo app needs.</summary>
    public static IServiceCollection AddHosting(this IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddLocalization();
        services.AddRequestLocalization(options =>
        {
            options.DefaultRequestCulture = new RequestCulture("en");
            options.SupportedCultures = Cultures;
            options.SupportedUICultures = Cultures;
            options.RequestCultureProviders =
            [
                new CookieRequestCultureProvider { CookieName = CultureCookie },
                new AcceptLanguageHeaderRequestCultureProvider(),
            ];
        });
        return services;
    }

    /// <summary>The cookie that holds the language a visitor chose.</summary>
    public const string CultureCookie = ".StreamHub.Culture";

    /// <summary>The cookie that holds the theme a visitor chose: <c>system</c>, <c>light</c> or <c>dark</c>.</summary>
    public const string ThemeCookie = ".StreamHub.Theme";

    /// <summary>Sets the two listeners up.</summary>
    /// <param name="kestrel">The server.</param>
    /// <param name="settings">Where they are.</param>
    /// <param name="first">What looks at each connection first.</param>
    public static void ListenOn(this KestrelServerOptions kestrel, HubSettings settings, Action<ListenOptions> first)
    {
        // RFC 9112, 2.2 lets a server take a bare LF for a line's end; who stands in front may not, and what they pass on as one line become two.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", isEnabled: true);
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestHeadersTotalSize = 32 * 1024;
        kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        kestrel.Listen(settings.UsersListener, options => SetUp(options, Listener.Users, first));
        kestrel.Listen(settings.AdminListener, options => SetUp(options, Listener.Admin, first));
    }

    private static void SetUp(ListenOptions options, Listener listener, Action<ListenOptions> first)
    {
        first(options);
        var feature = new ListenerFeature(listener);
        options.Protocols = HttpProtocols.Http1;
        options.Use(next => connection =>
        {
            connection.Features.Set(feature);
            return next(connection);
        });
    }
}
