namespace StreamHub.Tests.TestKit;

/// <summary>A Python virtual environment with Streamlit.</summary>
internal static class StreamlitVenv
{
    private const string Version = "1.67.0";

    public static Task<Provision> ProvideAsync() => new PythonVenv($"streamlit-{Version}", [$"streamlit=={Version}"]).ProvideAsync();
}
