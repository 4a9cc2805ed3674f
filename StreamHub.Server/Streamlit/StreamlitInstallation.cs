namespace StreamHub.Server.Streamlit;

/// <summary>An installed Streamlit.</summary>
internal sealed record StreamlitInstallation(string Folder, string Version)
{
    private static readonly string[] HelloScripts = ["streamlit_app.py", "Hello.py", "hello.py"];

    /// <summary>The folder of Streamlit's web files: <c>index.html</c> and <c>static/**</c>.</summary>
    public string StaticFolder => StaticFolderOf(Folder);

    public static string StaticFolderOf(string folder) => Path.Combine(folder, "static");

    /// <summary>The script of <c>streamlit hello</c>; null when this version stores it elsewhere.</summary>
    public string? HelloScript =>
        HelloScripts
            .Select(name => Path.Combine(Folder, "hello", name))
            .FirstOrDefault(File.Exists);
}
