using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Localization;
using StreamHub.Server.Checks;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Http;

/// <summary>Registers the services of every response: languages, signed cookies, JSON.</summary>
internal static class HttpFeature
{
    public static IServiceCollection AddHttp(this IServiceCollection services, HubSettings settings)
    {
        services.AddLanguages();
        services.AddSingleton<HostNameLookup>(OwnHostNames.LookUpAsync).AddSingleton<OwnHostNames>();
        services.AddHostedService<ProtocolErrors>();

        // A service account may have no profile, the default place of the keys; the data directory belongs to the hub only.
        services.AddDataProtection().SetApplicationName("StreamHub").PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(settings.DataDirectory, "keys")));
        services.ConfigureHttpJsonOptions(options => options.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
        return services;
    }

    /// <summary>The language of a request: the visitor's choice, else the browser's. The demo app uses it, too.</summary>
    public static IServiceCollection AddLanguages(this IServiceCollection services) => services.AddLocalization().AddRequestLocalization(options =>
    {
        options.DefaultRequestCulture = new RequestCulture(Preferences.DefaultCulture);
        options.SupportedCultures = Preferences.Cultures;
        options.SupportedUICultures = Preferences.Cultures;
        options.RequestCultureProviders =
        [
            new CookieRequestCultureProvider { CookieName = Preferences.CultureCookie },
            new AcceptLanguageHeaderRequestCultureProvider(),
        ];
    });
}
