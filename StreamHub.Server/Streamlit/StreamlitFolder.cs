namespace StreamHub.Server.Streamlit;

/// <summary>A folder of Streamlit's web files, with <c>index.html</c> and <c>static/</c>.</summary>
/// <param name="IsOfRun">Whether a living run has loaded this Streamlit; else its interpreter had it when it was last asked.</param>
internal readonly record struct StreamlitFolder(string Path, bool IsOfRun);
