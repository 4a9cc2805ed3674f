using StreamHub.Domain.Apps;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// Finds the web files of the Streamlit that an app runs on: the folder <c>streamlit/static</c> of its Python packages,
/// which holds <c>index.html</c> and <c>static/</c>.
/// </summary>
/// <param name="app">The app.</param>
/// <returns>The absolute path, or null when it is unknown; the app then serves its files itself.</returns>
internal delegate string? StreamlitStaticFolder(App app);
