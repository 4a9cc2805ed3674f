using StreamHub.Domain.Apps;

namespace StreamHub.Server.Streamlit;

/// <summary>
/// The folders that an app's page may be from; none while they are unknown, so that the app serves its own files.
/// </summary>
internal delegate IReadOnlyList<StreamlitFolder> StreamlitFolders(App app);
