using StreamHub.Domain.Apps;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// The folder <c>streamlit/static</c> in the Python packages of an app, with <c>index.html</c> and <c>static/</c>; null while it
/// is unknown, so that the app serves its own files.
/// </summary>
internal delegate string? StreamlitStaticFolder(App app);
