namespace StreamHub.Tests.TestKit.Machines;

/// <summary>A Python virtual environment with Streamlit.</summary>
internal static class StreamlitVenv
{
    /// <summary>The one that the tests use.</summary>
    public const string Usual = "1.67.0";

    /// <summary>One that Tornado serves, as all before 1.57.</summary>
    public const string Old = "1.39.0";

    public static Task<Provision> ProvideAsync(string version) => new PythonVenv($"streamlit-{version}", [$"streamlit=={version}"]).ProvideAsync();
}
