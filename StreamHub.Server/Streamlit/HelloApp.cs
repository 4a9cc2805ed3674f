using StreamHub.Domain.Apps;
using StreamHub.Server.Settings;

namespace StreamHub.Server.Streamlit;

/// <summary>An additional app of a new hub: <c>streamlit hello</c>, if the default Python has Streamlit.</summary>
internal static class HelloApp
{
    public static async Task<IReadOnlyList<App>> FindAsync(HubSettings settings, StreamlitInstallations installations, CancellationToken cancellationToken)
    {
        var found = await installations.FindAsync(settings.Python).WaitAsync(cancellationToken);
        return found?.HelloScript is { } script && settings.Folders.AllowsScript(script)
            ? [new App(AppSlug.Parse("hello"), "Streamlit Hello", new AppRuntime.Streamlit(script, settings.Python))]
            : [];
    }
}
