namespace StreamHub.Server.Streamlit;

/// <summary>A folder of Streamlit's web files, with <c>index.html</c> and <c>static/</c>.</summary>
/// <param name="IsOfRun">Whether a living run has loaded this Streamlit; else its interpreter had it when it was last asked.</param>
/// <param name="IsCopy">Whether it is a copy of the hub's, which no app can write.</param>
internal readonly record struct StreamlitFolder(string Path, bool IsOfRun, bool IsCopy = false);
