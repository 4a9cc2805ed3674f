using StreamHub.Domain.Apps;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>What a new hub offers beside its demo app: <c>streamlit hello</c>, where the default Python has Streamlit.</summary>
internal static class HelloApp
{
    /// <summary>The app, or none.</summary>
    public static async Task<IReadOnlyList<App>> FindAsync(HubSettings settings, StreamlitInstallations installations, CancellationToken cancellationToken)
    {
        var found = await installations.FindAsync(settings.Python).WaitAsync(cancellationToken);
        return found?.HelloScript is { } script && settings.Folders.AllowsScript(script)
            ? [new App(AppSlug.Parse("hello"), "Streamlit Hello", new AppRuntime.Streamlit(script, settings.Python))]
            : [];
    }
}
