using StreamHub.Domain.Apps;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// The folder <c>streamlit/static</c> of the Python packages that an app runs on, which holds <c>index.html</c> and <c>static/</c>; null
/// while it is unknown, and the app serves its files itself.
/// </summary>
internal delegate string? StreamlitStaticFolder(App app);
